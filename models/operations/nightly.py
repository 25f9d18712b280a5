"""Backups by themselves: each night, and before a migration changes the database."""

import errno
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from glob import escape
from pathlib import Path

from models.office.settings import values
from models.operations.backupchild import copies_of
from models.operations.making import Source, Spans, make_backup
from models.operations.place import is_taken
from models.store.backups import last_good, last_try
from models.store.base import database, now
from models.store.files import settle
from models.store.installation import is_copy, last_installation
from models.store.outage import DATABASE_ERRORS, Outage, outage_of
from sop.clock import WIB

log = logging.getLogger(__name__)
AGAIN = timedelta(hours=1)  # after one that failed
OLD = 26  # hours: a night that was missed
PAUSE = 60.0  # seconds


@dataclass(frozen=True)
class NightPlan:
    """Where backups lie, at which hour one is made, how long they stay; without a place there are none."""

    place: str
    hour: int
    spans: Spans

    def planned_before(self, at: datetime) -> datetime:
        """The last moment at which one was due."""
        today = at.astimezone(WIB).replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today <= at else today - timedelta(days=1)


def plan_in_force() -> NightPlan:
    """What the office has set."""
    told = values()
    spans = Spans(told["backup.days"], told["backup.weeks"], told["backup.months"])
    return NightPlan(str(told["backup.place"]).strip(), int(told["backup.hour"]), spans)


def place_taken() -> str:
    """The sentence by which the last try found the place to be another server's; "" if it did not, if the place is
    another one by now, and once somebody has decided what this server is since then."""
    tried = last_try()
    if tried is None or not is_taken(tried.fault) or tried.place != plan_in_force().place:
        return ""
    last = last_installation()
    return "" if last and last.at > tried.at else str(tried.fault)


def is_due(plan: NightPlan, at: datetime) -> bool:
    """Whether one is to be made now: none has been since the planned hour, and none failed a moment ago. What lies
    ahead is of a clock that was wrong: it would keep the office without a backup until then."""
    if not plan.place:
        return False
    good, tried = last_good(), last_try()
    if good and plan.planned_before(at) <= good.at <= at:
        return False
    return tried is None or not tried.fault or abs(at - tried.at) >= AGAIN


def follow(source: Source, stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Make each backup when it is due, until told to stop. Runs in a thread of its own."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                _make_if_due(source)
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("no backup could be begun: %s", type(trouble).__name__)
            stop.wait(AGAIN.total_seconds())  # as after one that failed: its row could not be written


def _make_if_due(source: Source) -> None:
    plan = plan_in_force()
    if not is_copy(source.var) and is_due(plan, now()):
        made = make_backup(source, plan.place, plan.spans)
        if made.fault:
            log.error("backup %s is not good: its row says why", made.name)


FOLDER = "sebelum-migrasi"  # under VAR_DIR: it leaves the machine no more than the database itself
UNREADY = ".belum"
MOST = 5  # copies of one database
NOT_COPIED = (
    "Basis data belum diubah, karena salinannya tidak dapat dibuat di {folder}: {reason}. Perbaiki, lalu mulai lagi; "
    "bila cadangan lain sudah ada, mulai dengan MIGRATE_WITHOUT_COPY=1."
)
NO_ROOM = "tempat penyimpanan penuh"
NO_RIGHT = "folder itu tidak dapat ditulisi"
FULL = (errno.ENOSPC, errno.EDQUOT)
SHUT = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR)


def keep_copy(source: Source, waiting: Sequence[str]) -> Path:
    """Copy the database as it stands before the first of these migrations; where the copy lies.

    Whoever starts again and again before the same migration replaces its copy, so that the one from before the first
    try is never pushed out. ValueError in a sentence if none can be made.
    """
    how, folder = copies_of(source.url), source.var / FOLDER
    name = how.name_of(source.url)  # the demo's lies in the same VAR_DIR
    path = folder / f"{name}-{waiting[0]}{how.WHOLE}"
    unready = folder / f"{path.name}{UNREADY}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        unready.touch(mode=0o600)
        how.copy_whole(source.owner_url or source.url, unready)
        _lay(unready, path)
    except (OSError, ValueError, *DATABASE_ERRORS) as fault:
        _forget(folder, unready)
        raise ValueError(NOT_COPIED.format(folder=folder, reason=_reason(fault))) from fault
    _let_go(folder, name)
    return path


def _lay(unready: Path, path: Path) -> None:
    """On the disk before it bears its name."""
    descriptor = os.open(unready, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unready.replace(path)
    settle(path.parent)


def _forget(folder: Path, unready: Path) -> None:
    """What was begun, and what SQLite may have laid beside it."""
    if folder.is_dir():
        for path in folder.glob(f"{unready.name}*"):
            path.unlink(missing_ok=True)


def _let_go(folder: Path, name: str) -> None:
    latest_first = sorted(folder.glob(f"{escape(name)}-[0-9]*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in latest_first[MOST:]:
        path.unlink(missing_ok=True)


def _reason(fault: BaseException) -> str:
    number = getattr(fault, "errno", None)
    if number in FULL or outage_of(fault) is Outage.FULL:
        return NO_ROOM
    if number in SHUT:
        return NO_RIGHT
    return str(fault).rstrip(".") if isinstance(fault, ValueError) else type(fault).__name__
