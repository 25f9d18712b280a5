"""Letters: queued, sent, refused, told to a pengadu."""
