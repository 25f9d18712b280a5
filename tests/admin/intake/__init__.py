"""Taking down a complaint."""
