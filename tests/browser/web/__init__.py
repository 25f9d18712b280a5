"""What surrounds the pages, by clicking: the lock over one that lies unused."""
