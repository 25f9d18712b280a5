"""Builds a release: one archive of code, packages and documents, with checksums and a signature."""
