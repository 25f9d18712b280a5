"""The lists of cases, the history, the berkas, the register book."""
