"""Patches and extensions of xhtml2pdf and reportlab: the only room that uses their private names."""
