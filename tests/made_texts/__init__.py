"""Invented complaints as a city's box holds them, by the thousand; labelled: what repeats what, what only seems to."""
