"""Papers that are about no single case, kept as they were issued."""
