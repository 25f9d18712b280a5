"""The report for whoever helps: what it tells, and what it never tells."""
