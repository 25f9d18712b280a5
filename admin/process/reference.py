"""The number of a request: it stands on the page of a failure, in the log of failures, and in the log of requests."""

import secrets

from flask import g


def reference() -> str:
    """In digits alone: they are read out on the telephone, and spell nothing."""
    if "reference" not in g:
        g.reference = f"{secrets.randbelow(10_000):04}-{secrets.randbelow(10_000):04}"
    return str(g.reference)
