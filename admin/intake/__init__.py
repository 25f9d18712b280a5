"""Taking down a complaint and putting it right: the form in the order of talking, its hints, what comes of it."""
