"""Letters that wait: written with the act that they tell of, and handed over to the mail server when nobody waits."""
