"""A recap: every figure is a plain count of what a person may open."""
