"""Meja Persetujuan: what the Kepala Dinas decides on, many at once, and the sheet of a day's decisions."""
