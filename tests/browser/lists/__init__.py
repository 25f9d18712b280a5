"""Lists by clicking: what is found, chosen, moved together and exported."""
