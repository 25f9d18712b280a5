"""Taking down a complaint, correcting it, and bringing in files from elsewhere."""
