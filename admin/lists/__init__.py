"""The lists of cases and of what came of them: complaints, records, history, berkas, the register book."""
