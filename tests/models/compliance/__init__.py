"""Whether the SOP was kept, for an inspector."""
