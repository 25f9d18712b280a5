"""Files that are handed in with a form, and handed out again; what makes them harmless is a floor below."""
