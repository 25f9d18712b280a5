"""Figures: Rekapitulasi, Uji Kepatuhan, Ringkasan pimpinan, who looked at what."""
