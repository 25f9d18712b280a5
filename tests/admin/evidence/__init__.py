"""Files handed in and handed out."""
