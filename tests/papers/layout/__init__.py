"""What stands on the page, and where."""
