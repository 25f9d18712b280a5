"""Letters by e-mail: composed, queued with the act that they tell of, handed to the office's mail server."""
