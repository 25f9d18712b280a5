"""The tests: each says in its name the fact that it shows."""
