"""The printed page: frozen content becomes HTML, HTML becomes PDF bytes; the press prints what waits."""
