"""The process that serves: its signs of life, its log, its end."""
