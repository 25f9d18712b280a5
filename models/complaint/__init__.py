"""The complaint and what hangs on it: who sees it, its history, numbers, papers; how it is found."""
