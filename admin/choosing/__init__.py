"""Choosing on a list: every row that its filters leave, and views of it that a person keeps under a name."""
