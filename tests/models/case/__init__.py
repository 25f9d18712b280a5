"""One case with all that a step must know, and what its papers say."""
