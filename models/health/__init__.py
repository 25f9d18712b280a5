"""Whether the panel can do its work: one check for each thing that can fail, as /health/ready tells them."""
