"""Password, second factor, one-time link."""
