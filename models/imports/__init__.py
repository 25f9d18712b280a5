"""Imports of complaint files: reading, classifying rows, review, publishing as cases, and undoing."""
