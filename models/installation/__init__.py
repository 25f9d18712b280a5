"""Which installation this is, on which server, and whether it is the office's own or a copy of it."""
