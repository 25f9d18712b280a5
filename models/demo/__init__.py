"""The demo: an invented office with complaints at every stage, all made through the writer; no real person."""
