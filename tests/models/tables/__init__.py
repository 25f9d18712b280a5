"""Scope, numbers, the chained history."""
