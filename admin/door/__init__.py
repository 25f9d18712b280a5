"""Access: sessions, the check of each request, and the rows that a user may see."""
