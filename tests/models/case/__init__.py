"""What a step must know of a case."""
