"""The one step page, over the whole table."""
