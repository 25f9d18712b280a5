"""A list as a file: what a spreadsheet reads in it, and what is left on the disk."""
