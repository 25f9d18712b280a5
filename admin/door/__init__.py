"""The door: who may come in, to which page and which rows, in which session."""
