"""Three months of the invented office's past: a few cases a day, nearly all of them settled and their papers home."""
