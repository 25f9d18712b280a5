"""Rekapitulasi over HTTP: the page, the lists behind its figures, and its files."""
