"""The process that serves, without a process: its signs of life, its log."""
