"""How pages look, whoever opens them: words, width, contrast, bars, density, light and dark. What people do: above."""
