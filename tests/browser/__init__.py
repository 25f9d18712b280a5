"""The panel as people use it: `python app.py` on a port of its own, clicked through in a real Chromium."""
