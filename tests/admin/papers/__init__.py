"""Issued papers on screen."""
