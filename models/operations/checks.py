"""Health checks of the running panel, as a table; the type of their findings, and the last finding of each duty."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import peewee as pw

from models.complaint.accesslog_reserve import move_reserve_to_log, waiting_entries
from models.complaint.event import Event, last_verified
from models.complaint.paper import Paper, PaperToPrint, Print
from models.email.queue import stuck_since
from models.office.settings import BACKUP_PLACE, Setting
from models.operations.backup_schedule import OLD, plan_in_force
from models.schema import FOLDER, applied_migrations, migration_files
from models.store import sqlite
from models.store.backups import age, last_try
from models.store.base import Model, Moment, database, engine, now
from models.store.installation import is_copy
from models.store.outage import DATABASE_ERRORS, OUTAGE_SENTENCES, Outage
from sop.clock import WIB

LONGEST = 400  # letters of a sentence


class DutyState(Model):
    """The last finding of one duty, since when it holds, and what the last alert e-mail said about it."""

    in_digest = False
    survives_restore = False  # findings of the source machine do not apply here

    name = pw.CharField(primary_key=True, max_length=40)
    state = pw.CharField(max_length=10)
    sentence = pw.CharField(max_length=LONGEST)
    looked_at = Moment()
    since = Moment()
    told_at = Moment(null=True)
    told_wrong = pw.BooleanField(default=False)


def last_check_at() -> datetime | None:
    """When the duties were last checked; None before the first check."""
    last: datetime | None = DutyState.looked_at.python_value(DutyState.select(pw.fn.MAX(DutyState.looked_at)).scalar())
    return last


LEAST_FREE = 0.05  # share of a disk
STUCK = timedelta(minutes=10)  # the print queue counts as stuck if it has printed nothing for so long
MAIL_STUCK = timedelta(hours=2)  # the mail queue counts as stuck if its first e-mail has waited so long
STEP = timedelta(minutes=2)  # NTP may set the clock back by so much

AWAY = OUTAGE_SENTENCES[Outage.AWAY]
FULL = "Tempat penyimpanan penuh: {count} catatan akses menunggu dituliskan."
NARROW = "Tempat penyimpanan hampir penuh: sisa {left} % pada folder {which}."
UNWRITABLE = "Panel tidak dapat menulis ke tempat penyimpanannya, yaitu folder {which}."
WAITING = "Pencetakan terhenti: ada dokumen yang menunggu sejak {since:%d-%m-%Y %H.%M}."
BROKEN = "Pemeriksaan riwayat terakhir ({at:%d-%m-%Y %H.%M}) menemukan kerusakan. Jalankan pemeriksaan lagi."
LACKING = "Migrasi basis data belum dijalankan: {names}. Mulai ulang panel."
NO_BACKUP = "Belum ada cadangan yang teruji, padahal tempatnya sudah diisi."
OLD_BACKUP = "Cadangan terakhir yang teruji sudah {hours} jam yang lalu."
MAIL_WAITS = "{count} surel menunggu dikirim, yang pertama sejak {since:%d-%m-%Y %H.%M}. Periksa server surel."
BACK = "Jam server mundur: sudah tercatat {latest:%d-%m-%Y %H.%M}, padahal jam server {at:%d-%m-%Y %H.%M}."


@dataclass(frozen=True)
class CheckContext:
    """What a check looks at: the panel's VAR_DIR and database, and the moment of the check."""

    var: Path
    url: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """One health check: its name in reports, and a function that returns a sentence if it fails, else ""."""

    name: str
    fault: Callable[[CheckContext], str]
    asks_database: bool = True


def disk(place: CheckContext) -> str:
    """VAR_DIR or the database's folder is not writable, or less than LEAST_FREE of its disk is free."""
    folders = {"VAR_DIR": place.var}
    if engine(place.url) is sqlite:
        folders["basis data"] = Path(sqlite.path_of(place.url)).parent
    existing = {which: folder for which, folder in folders.items() if folder.exists()}
    for which, folder in existing.items():
        if not os.access(folder, os.W_OK, effective_ids=True):
            return UNWRITABLE.format(which=which)
    for which, folder in existing.items():
        disk_stats = os.statvfs(folder)
        share = disk_stats.f_bavail / disk_stats.f_blocks if disk_stats.f_blocks else 1.0
        if share < LEAST_FREE:
            return NARROW.format(left=int(share * 100), which=which)
    return ""


def notes(place: CheckContext) -> str:
    """Access-log entries could not be written because the disk is full."""
    move_reserve_to_log()
    count = waiting_entries()
    return FULL.format(count=count) if count else ""


def press(place: CheckContext) -> str:
    """The print queue is not empty, and nothing was printed for STUCK."""
    waits = PaperToPrint.select(Paper.issued_at).join(Paper).order_by(PaperToPrint.paper)
    since = waits.limit(1).scalar()
    if since is None or place.at - since < STUCK:
        return ""
    done = Print.printed_at.python_value(Print.select(pw.fn.MAX(Print.printed_at)).scalar())  # all, but seldom asked
    return WAITING.format(since=since) if done is None or place.at - done >= STUCK else ""


def chain(place: CheckContext) -> str:
    """The last verification of the history's hash chain failed."""
    last = last_verified()
    return BROKEN.format(at=last.at) if last and last.broken else ""


def migration(place: CheckContext) -> str:
    """A migration of this version has not been applied."""
    lacking = migration_files(engine(place.url), FOLDER).keys() - applied_migrations(database)
    return LACKING.format(names=", ".join(sorted(lacking))) if lacking else ""


def backup(place: CheckContext) -> str:
    """A backup location is set, and the last verified backup there is missing or older than OLD hours."""
    if not plan_in_force().place or is_copy(place.var):
        return ""
    hours, tried = age(place.at), last_try()
    if hours is None:  # before any attempt: the first backup is made minutes after the location is set
        return NO_BACKUP if tried or _is_set_for_long(place.at) else ""
    return OLD_BACKUP.format(hours=int(hours)) if hours > OLD else ""


def _is_set_for_long(at: datetime) -> bool:
    """Whether the backup location was set before yesterday."""
    yesterday = at.astimezone(WIB).date() - timedelta(days=1)
    return bool(Setting.select().where((Setting.key == BACKUP_PLACE) & (Setting.valid_from < yesterday)).exists())


def mail(place: CheckContext) -> str:
    """The oldest queued e-mail has waited for MAIL_STUCK: the mail server accepts none."""
    count, since = stuck_since()
    return MAIL_WAITS.format(count=count, since=since) if since and place.at - since >= MAIL_STUCK else ""


_latest: list[datetime] = []  # the latest time seen by this process


def clock(place: CheckContext) -> str:
    """The server's clock is behind the last event or the last check."""
    last_event = Event.select(Event.at).order_by(Event.id.desc()).limit(1).scalar()
    latest = max([*_latest, place.at, *filter(None, (last_event, last_check_at()))])
    _latest[:] = [latest]
    return BACK.format(latest=latest, at=place.at) if latest - place.at > STEP else ""


CHECKS = (
    Check("disk", disk, asks_database=False),
    Check("notes", notes),
    Check("press", press),
    Check("chain", chain),
    Check("migration", migration),
    Check("backup", backup),
    Check("mail", mail),
    Check("clock", clock),
)


def failed_checks(var: Path, url: str, at: datetime | None = None) -> dict[str, str]:
    """Failed checks by name, each with a sentence that reveals nothing about any case."""
    place = CheckContext(var, url, at or now())
    faults = {check.name: check.fault(place) for check in CHECKS if not check.asks_database}
    try:
        with database.connection_context():
            faults |= {check.name: check.fault(place) for check in CHECKS if check.asks_database}
    except DATABASE_ERRORS:
        faults["database"] = AWAY
    return {name: sentence for name, sentence in faults.items() if sentence}


WELL, WRONG, UNKNOWN = "well", "wrong", "unknown"
UNSET, NEVER = "unset", "never"  # not configured yet; can be checked, but never was


@dataclass(frozen=True)
class EnvironmentContext(CheckContext):
    """Also the panel's environment: its host name if it is served by HTTPS, its failure log if there is one, and the
    program's folder."""

    own_name: str
    failures: Path | None
    house: Path


@dataclass(frozen=True)
class Finding:
    """The result of one check, with a sentence that reveals nothing about any case."""

    state: str
    sentence: str


def well(sentence: str) -> Finding:
    return Finding(WELL, sentence)


def wrong(sentence: str) -> Finding:
    return Finding(WRONG, sentence)


def unknown(sentence: str) -> Finding:
    """Nothing that the panel can check."""
    return Finding(UNKNOWN, sentence)


def unset(sentence: str) -> Finding:
    return Finding(UNSET, sentence)


def never(sentence: str) -> Finding:
    return Finding(NEVER, sentence)
