"""Databases and seals."""
