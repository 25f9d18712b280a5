"""The ground: databases, the model that every table is, sealing, files kept and made harmless, bounded processes."""
