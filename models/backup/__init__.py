"""Backups: made while people work, proven by a restore at once, kept by age, and brought back into an empty place."""
