"""The reserve: its file. Its notes are tested at the doors, in tests/admin/running."""
