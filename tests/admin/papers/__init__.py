"""Papers on screen, evidence."""
