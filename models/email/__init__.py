"""E-mail: composing messages, the queue written in the act's transaction, and sending by the office's SMTP server."""
