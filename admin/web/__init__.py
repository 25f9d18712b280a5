"""The web around the pages: server, headers, limits, errors, language, sign-in, the terminal; nothing of cases."""
