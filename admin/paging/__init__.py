"""Turning the pages of a list: what it is sorted by, where in it one stands, and how one gets anywhere else."""
