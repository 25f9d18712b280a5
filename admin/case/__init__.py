"""One complaint: its page, and the one page on which a step is taken, for one or for many."""
