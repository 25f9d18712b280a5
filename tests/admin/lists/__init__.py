"""The closed view, its forms and lists, on toy tables and over all pages."""
