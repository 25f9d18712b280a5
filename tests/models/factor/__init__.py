"""The second factor as rows and codes."""
