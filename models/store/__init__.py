"""The ground: databases, the model that every table is, sealing, kept files, bounded processes; no office."""
