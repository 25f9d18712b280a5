"""Rules, links, tries: what stands between a guess and an account."""
