"""The access matrix: the promise, the doors, and the judge who tries every one of them."""
