"""Signed papers: what a PDF that was signed outside the panel is, and who signed it."""
