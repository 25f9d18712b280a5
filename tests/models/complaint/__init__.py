"""Scope, numbers, history, papers, access log, search."""
