"""One file for whoever helps: what is installed, how much is kept, how fast, what has failed; nothing of any person."""
