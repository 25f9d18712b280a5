"""The lists that the office keeps of itself."""
