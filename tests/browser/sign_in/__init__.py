"""Signing in by clicking: the second factor, passkeys, and the lock over a page that lies unused."""
