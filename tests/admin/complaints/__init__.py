"""Lists, search, history, register book."""
