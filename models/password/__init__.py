"""What a password may be, the one-time link by which somebody sets one, and how long whoever guesses must wait."""
