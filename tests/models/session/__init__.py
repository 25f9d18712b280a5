"""Sessions as rows, and in which words a device is told."""
