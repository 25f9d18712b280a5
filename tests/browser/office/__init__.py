"""What the office keeps of itself, by clicking: a setting and the papers that follow it."""
