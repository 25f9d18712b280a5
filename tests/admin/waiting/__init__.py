"""What calls for an act at once: where it stands, for whom, and until when."""
