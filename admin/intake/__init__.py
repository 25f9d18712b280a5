"""Taking down a complaint: the form in the order of talking, its hints, what came of it."""
