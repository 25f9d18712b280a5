"""Measurements that the README and the notes quote."""
