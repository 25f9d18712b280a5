"""Signing in: password, locked session, one-time link, second factor."""
