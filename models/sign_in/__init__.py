"""Signing in: sessions, passwords and the links that set them, failed tries, the second factor."""
