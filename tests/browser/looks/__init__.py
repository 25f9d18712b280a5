"""How pages look for every user: words, width, contrast, bars, density, light and dark. What people do: above."""
