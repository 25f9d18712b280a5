"""What may be typed of a complaint: cleaned, judged and sealed alike, whether it is received or corrected."""
