"""The checks behind /health/ready, each with its fault brought about."""
