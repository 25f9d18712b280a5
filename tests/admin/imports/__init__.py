"""Files from elsewhere on the terminal and on their page."""
