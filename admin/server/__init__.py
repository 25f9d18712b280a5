"""The web server and its process: headers, errors, rate limits, logs, metrics, shutdown, diagnosis."""
