"""What the web server lets a browser do: the Content-Security-Policy."""
