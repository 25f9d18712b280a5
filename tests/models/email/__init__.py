"""E-mails: queued, sent, refused, composed for a pengadu."""
