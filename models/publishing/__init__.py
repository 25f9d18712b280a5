"""Rows of a file become cases, in portions that let others write between, and are taken back."""
