"""What the panel promises, the tests that show it, and what they found when they were last run."""
