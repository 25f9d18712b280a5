"""Whose a file on this server is: what came from another server may belong to a user who is nobody here."""

import os
import pwd
from pathlib import Path


def is_ours(path: Path) -> bool:
    """Whether this process may read it, and write to it."""
    within = os.X_OK if path.is_dir() else 0
    return os.access(path, os.R_OK | os.W_OK | within, effective_ids=True)


def name_of(uid: int) -> str:
    """Of a user of this server, by his number where he has no name here."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"nomor {uid}"
