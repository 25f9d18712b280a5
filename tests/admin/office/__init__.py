"""The settings as pages."""
