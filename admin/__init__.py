"""The panel: Flask-Admin views over the records; thin."""
