"""One case with all that a step must know: clocks, blanks, who may decide, what its papers say."""
