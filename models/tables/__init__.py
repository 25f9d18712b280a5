"""A case in rows: the complaint and what hangs on it, its numbers, papers and history, and who may see which row."""
