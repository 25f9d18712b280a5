"""Scheduled backups: each night, and a copy of the database before a migration."""

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
from models.operations.backup_location import is_taken
from models.operations.backup_making import Source, Spans, make_backup
from models.operations.backup_worker import copier_of
from models.store.backups import last_good, last_try
from models.store.base import BACKUPS, database, now
from models.store.files import settle
from models.store.installation import is_copy, last_installation
from models.store.outage import DATABASE_ERRORS, Outage, outage_of
from sop.clock import WIB

log = logging.getLogger(__name__)
AGAIN = timedelta(hours=1)  # before a failed backup is retried
OLD = 26  # hours: the last backup is older if a night was missed
PAUSE = 60.0  # seconds between two looks at the schedule, unless a setting of it changes


@dataclass(frozen=True)
class NightPlan:
    """The backup schedule: location, hour of the day, retention. No backups without a location."""

    place: str
    hour: int
    spans: Spans

    def planned_before(self, at: datetime) -> datetime:
        """The last scheduled time up to `at`."""
        today = at.astimezone(WIB).replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today <= at else today - timedelta(days=1)


def plan_in_force() -> NightPlan:
    """The schedule from the office's settings."""
    settings = values()
    spans = Spans(settings["backup.days"], settings["backup.weeks"], settings["backup.months"])
    return NightPlan(str(settings["backup.place"]).strip(), int(settings["backup.hour"]), spans)


def location_taken() -> str:
    """The sentence if the last attempt found the location claimed by another server. "" if not, or if the location or
    this server's role has changed since."""
    tried = last_try()
    if tried is None or not is_taken(tried.fault) or tried.place != plan_in_force().place:
        return ""
    last = last_installation()
    return "" if last and last.at > tried.at else str(tried.fault)


def is_due(plan: NightPlan, at: datetime) -> bool:
    """Whether a backup is due: none is good since the scheduled time, and none failed within AGAIN. Rows dated in the
    future, by a wrong clock, are ignored: else no backup would be made until then."""
    if not plan.place:
        return False
    good, tried = last_good(), last_try()
    if good and plan.planned_before(at) <= good.at <= at:
        return False
    return tried is None or not tried.fault or abs(at - tried.at) >= AGAIN


def run_backup_schedule(source: Source, stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Make each backup when it is due, until `stop` is set. Runs in a background thread."""
    while BACKUPS.wait(stop, pause):
        try:
            with database.connection_context():
                _make_if_due(source)
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("no backup could be begun: %s", type(trouble).__name__)
            stop.wait(AGAIN.total_seconds())  # as after a failed backup, whose row could not be written


def _make_if_due(source: Source) -> None:
    plan = plan_in_force()
    if not is_copy(source.var) and is_due(plan, now()):
        made = make_backup(source, plan.place, plan.spans)
        if made.fault:
            log.error("backup %s is not good: its row says why", made.name)


FOLDER = "sebelum-migrasi"  # under VAR_DIR, and not encrypted: it never leaves the machine
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


def copy_before_migration(source: Source, waiting: Sequence[str]) -> Path:
    """Copy the database before the first of these migrations; the path of the copy.

    Repeated starts before the same migration replace its copy, so that they do not push out the older copies.
    ValueError with a sentence if it cannot be made.
    """
    copier, folder = copier_of(source.url), source.var / FOLDER
    name = copier.name_of(source.url)  # the demo's database is in the same VAR_DIR
    path = folder / f"{name}-{waiting[0]}{copier.WHOLE}"
    unready = folder / f"{path.name}{UNREADY}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        unready.touch(mode=0o600)
        copier.copy_whole(source.owner_url or source.url, unready)
        _finish_copy(unready, path)
    except (OSError, ValueError, *DATABASE_ERRORS) as fault:
        if folder.is_dir():
            for unfinished in folder.glob(f"{unready.name}*"):  # also SQLite's journal files of it
                unfinished.unlink(missing_ok=True)
        raise ValueError(NOT_COPIED.format(folder=folder, reason=_reason(fault))) from fault
    latest_first = sorted(folder.glob(f"{escape(name)}-[0-9]*"), key=lambda copy: copy.stat().st_mtime, reverse=True)
    for old in latest_first[MOST:]:
        old.unlink(missing_ok=True)
    return path


def _finish_copy(unready: Path, path: Path) -> None:
    """Flush the copy to disk before it gets its final name."""
    descriptor = os.open(unready, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unready.replace(path)
    settle(path.parent)


def _reason(fault: BaseException) -> str:
    number = getattr(fault, "errno", None)
    if number in FULL or outage_of(fault) is Outage.FULL:
        return NO_ROOM
    if number in SHUT:
        return NO_RIGHT
    return str(fault).rstrip(".") if isinstance(fault, ValueError) else type(fault).__name__
