"""What may be typed of a complaint."""
