"""The process that serves: its signs of life, its logs, its numbers, its end."""
