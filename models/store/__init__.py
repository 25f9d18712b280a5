"""Storage: databases, the base model of all tables, encryption, stored and sanitised files, limited child processes."""
