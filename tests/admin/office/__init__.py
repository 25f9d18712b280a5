"""Settings and masters."""
