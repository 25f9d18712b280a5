"""Sign-in: sessions, passwords, one-time password links, rate limits of failed attempts, second factors."""
