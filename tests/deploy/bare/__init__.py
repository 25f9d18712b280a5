"""Bare servers in namespaces of their own, on which the guide is played by its own paths, ports and accounts."""
