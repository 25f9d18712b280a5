"""Lembar Uji Kepatuhan on screen, as a workbook and as a PDF."""
