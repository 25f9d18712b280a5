"""Figures in a browser: what is to be seen and what is to be heard."""
