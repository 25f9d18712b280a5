"""The view every list is made of."""
