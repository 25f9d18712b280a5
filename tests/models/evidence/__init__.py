"""Files that come in are made harmless."""
