"""A record with a blank of every kind, and what becomes of each on its way; it runs in a copy of the house."""
