"""Sessions, passwords, tries, the second factor."""
