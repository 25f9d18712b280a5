"""The printed bytes and the press."""
