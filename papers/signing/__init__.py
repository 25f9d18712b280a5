"""Signed papers: what a PDF that was signed outside the panel is, who signed it, and having papers signed."""
