"""Reading on the phone: what a tap decides, and what it does not."""
