"""A file's rows on their way to cases, and back."""
