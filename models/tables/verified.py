"""What the last walk through the history has found: kept, so that who watches the panel need not walk."""

import logging
from collections.abc import Sequence

import peewee as pw

from models.store.base import Model, Moment, now
from models.store.outage import DATABASE_ERRORS

log = logging.getLogger(__name__)


class Verification(Model):
    """One walk through the whole history: when it ended, how many entries were in order, what was broken then."""

    append_only = True
    kept_by_digest = False
    at = Moment()
    entries = pw.IntegerField()
    broken = pw.CharField(max_length=300, default="")


def note_verified(entries: int, broken: Sequence[str]) -> None:
    """Keep what a walk has found; where nothing can be written, whoever asked is told all the same."""
    try:
        Verification.create(at=now(), entries=entries, broken=" ".join(broken)[:300])
    except DATABASE_ERRORS as fault:
        log.warning("what the walk has found could not be kept: %s", type(fault).__name__)


def last_verified() -> Verification | None:
    """The last walk, None before the first."""
    last: Verification | None = Verification.select().order_by(Verification.id.desc()).first()
    return last
