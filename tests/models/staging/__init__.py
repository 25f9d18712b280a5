"""Rows of a file while they wait for a decision."""
