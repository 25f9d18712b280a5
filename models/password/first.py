"""The one-time link by which the first administrator comes in: of use only while the panel knows nobody.

It lies in a file under VAR_DIR and in no table, as its hash alone: until somebody has come in, the database holds
nothing that would stand in the way of a backup that is to be restored into it.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hmac import compare_digest
from pathlib import Path

from models.password.link import BYTES, LASTS, hash_of
from models.store.base import now

NAME = "pengelola-pertama.tautan"


def make_first_link(var: Path) -> str:
    """A new link in place of an older one; what stands behind its address, which is told this once."""
    token = secrets.token_urlsafe(BYTES)
    begun = var / f"{NAME}.baru"
    begun.unlink(missing_ok=True)
    begun.touch(mode=0o600)
    begun.write_text(json.dumps({"hash": hash_of(token), "until": (now() + LASTS).isoformat()}))
    begun.replace(var / NAME)
    return token


def first_link_waits(var: Path) -> bool:
    """Whether somebody holds a link that could still be used."""
    return _kept_hash(var) is not None


def is_first_link(var: Path, token_hash: str) -> bool:
    """Whether this is the hash of that link."""
    kept = _kept_hash(var)
    return kept is not None and compare_digest(kept, token_hash)


@contextmanager
def using_first_link(var: Path, token_hash: str) -> Iterator[bool]:
    """Whether it may be used: by one at a time, and it is gone once what was done with it is done."""
    try:
        held = os.open(var / NAME, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        serves = is_first_link(var, token_hash)
        yield serves
        if serves:
            (var / NAME).unlink(missing_ok=True)
    finally:
        os.close(held)


def _kept_hash(var: Path) -> str | None:
    """None without a link, for one that is too old, and for a file that somebody has spoiled."""
    try:
        kept = json.loads((var / NAME).read_text())
        return str(kept["hash"]) if datetime.fromisoformat(kept["until"]) > now() else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
