"""What papers say, and which of them a list of a day names."""
