"""What was promised for a day."""
