"""Start pages and Meja Persetujuan."""
