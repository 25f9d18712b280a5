"""Whether the panel can do its work, as /health/ready tells it; and all that has to be in order, with who is told."""
