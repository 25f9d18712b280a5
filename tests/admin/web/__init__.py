"""The web around the pages: headers, limits, errors, sign-in, language."""
