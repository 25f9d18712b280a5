"""Headers, errors, limits, logs, metrics, diagnosis."""
