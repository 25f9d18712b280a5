"""Mail on the terminal: whether the office's server takes what the panel hands over."""
