"""What was promised for a day, of many cases: what is due for whom, and how many were made and kept."""
