"""The second factor: codes of the half minute, passkeys, recovery codes, who must have it, how two take it away."""
