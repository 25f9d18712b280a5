"""Papers: frozen content to HTML to PDF bytes, and the print queue."""
