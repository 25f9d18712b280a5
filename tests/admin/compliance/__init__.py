"""Lembar Uji Kepatuhan."""
