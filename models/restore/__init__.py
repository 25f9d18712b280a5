"""A backup is brought back: looked at first, whole or one file of it; kept files are held against their rows."""
