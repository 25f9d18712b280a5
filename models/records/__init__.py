"""Typed data: field kinds, the entry form of a complaint, and the record model of each transition."""
