"""A list as a file: what its cells hold, and how they are written as CSV or XLSX while the rows come in portions."""
