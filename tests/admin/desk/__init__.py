"""Meja Persetujuan."""
