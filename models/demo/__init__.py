"""The demo: an invented office with complaints at every stage, all made by intake and workflow; no real persons."""
