"""Backups, restoring, whether all is in order."""
