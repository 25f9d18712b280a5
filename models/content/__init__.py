"""What papers say, composed before it is frozen; how it is set and printed is the floor above."""
