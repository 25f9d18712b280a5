"""Drills: many processes, kills, tampering, counted to the last one."""
