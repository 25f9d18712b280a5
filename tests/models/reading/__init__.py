"""What is read of many cases at once."""
