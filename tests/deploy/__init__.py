"""What lies in deploy/ and the guide that installs it: read by day, played whole by night."""
