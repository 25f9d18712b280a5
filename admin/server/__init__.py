"""The web server and its process: headers, errors, rate limits, logs, metrics, its end, diagnosis."""
