"""Who gets in where, and that reading changes nothing."""
