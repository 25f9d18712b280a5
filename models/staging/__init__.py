"""Rows of a file from elsewhere while they wait: sealed, judged, and decided on; no case is written here."""
