"""What waits for whom, what calls for an act at once, and what goes to another."""
