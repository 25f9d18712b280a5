"""Keeping the panel alive: backups and their proof, restoring, and whether all is in order."""
