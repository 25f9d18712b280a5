"""The commands of the terminal: ready to serve, backups, diagnosis, the first administrator."""
