"""Databases, seals, files handed in."""
