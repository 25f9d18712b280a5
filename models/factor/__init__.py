"""The second factor: codes of each half minute, recovery codes, who must have it, and how two take it away."""
