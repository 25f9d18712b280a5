"""Which installation this is: each server on which the panel came to stand, by a mark that no other one has."""

import secrets
from datetime import datetime

import peewee as pw

from models.store.base import Model, Moment


class Installation(Model):
    """The panel on one server, from a moment on. What was restored from its backup knows it, as one of its own past."""

    append_only = True
    kept_by_digest = False

    at = Moment(verbose_name="Sejak")
    mark = pw.CharField(max_length=32)
    machine = pw.CharField(max_length=64, default="")  # what is known of the server, "" where it does not tell
    former = pw.CharField(max_length=32, default="")  # whose place of backups it took over, of which it knew nothing


def last_installation() -> Installation | None:
    """The one that this panel is; None before its first start with people."""
    last: Installation | None = Installation.select().order_by(Installation.id.desc()).first()
    return last


def begin_installation(machine: str, at: datetime, former: str = "") -> Installation:
    """From now on the panel is another one than before: its mark is new."""
    begun: Installation = Installation.create(at=at, mark=secrets.token_hex(16), machine=machine, former=former)
    return begun


def own_marks() -> set[str]:
    """What it was called until now, and whose place it took over."""
    return {mark for row in Installation.select() for mark in (row.mark, row.former) if mark}
