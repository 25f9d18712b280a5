"""What is written down while the disk is full: a file laid out beforehand, and the notes that wait in it."""
