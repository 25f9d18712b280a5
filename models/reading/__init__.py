"""Queries over many cases: queues, the desk, recap, compliance samples, register book, and e-mails to staff."""
