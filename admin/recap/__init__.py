"""Rekapitulasi: what came in, was settled, stayed open or was late within a range of days, as a page and as a file."""
