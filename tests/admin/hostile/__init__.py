"""Requests that mean harm, as data, and the judge who says what the panel must never answer to them."""
