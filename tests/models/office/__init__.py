"""Decrees, wording, masters."""
