"""Who looked at what: at a case, of a person, what stands out; read from the access log, and noted there again."""
