"""Lists of complaints by clicking: what is found, chosen, moved together and exported."""
