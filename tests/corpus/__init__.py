"""One small office for each landed version, as that version left it: every later one must open, check and print it."""
