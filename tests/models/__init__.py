"""The records on a real SQLite file: the one writer, what it may do, and which changes are refused."""
