"""Whether the SOP was kept, for an inspector: cases drawn by a seed, each held against the table row by row."""
