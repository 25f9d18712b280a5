"""Figures: Rekapitulasi, Uji Kepatuhan, Ringkasan pimpinan, the access log."""
