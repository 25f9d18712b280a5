"""Kinds of blanks, the entry of a complaint, records."""
