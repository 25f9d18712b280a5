"""One complaint on its page, and the one page on which a step is taken."""
