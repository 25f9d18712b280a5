"""Recap, compliance, leadership, who looked."""
