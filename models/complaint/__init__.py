"""The complaint and its dependent tables: access, history, numbers, papers; search and similar cases."""
