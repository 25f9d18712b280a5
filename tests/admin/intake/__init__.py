"""Taking down, correcting, importing."""
