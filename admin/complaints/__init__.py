"""The lists of complaints, records, history and promises; the search; the register book."""
