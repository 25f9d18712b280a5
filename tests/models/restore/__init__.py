"""Backups brought back, on machines with nothing in them."""
