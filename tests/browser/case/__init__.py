"""One case by clicking: benches, refusals, and the way back from an act."""
