"""What can fail while the panel runs, as a table; what a check finds, and the last finding of each duty."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import peewee as pw

from models.complaint.event import Event, last_verified
from models.complaint.paper import Paper, PaperToPrint, Print
from models.complaint.reserve import move_if_there_is_room, waiting_notes
from models.letters.queue import stuck_since
from models.office.settings import BACKUP_PLACE, Setting
from models.operations.nightly import OLD, plan_in_force
from models.schema import FOLDER, applied_migrations, migration_files
from models.store import sqlite
from models.store.backups import age, last_try
from models.store.base import Model, Moment, database, engine, now
from models.store.installation import is_copy
from models.store.outage import DATABASE_ERRORS, SAID_OF, Outage
from sop.clock import WIB

LONGEST = 400  # letters of a sentence


class DutyState(Model):
    """How one duty stands, since when, and what the last letter about it said."""

    kept_by_digest = False
    survives_restore = False  # what was wrong where the backup was made is looked for anew here

    name = pw.CharField(primary_key=True, max_length=40)
    state = pw.CharField(max_length=10)
    sentence = pw.CharField(max_length=LONGEST)
    looked_at = Moment()
    since = Moment()
    told_at = Moment(null=True)
    told_wrong = pw.BooleanField(default=False)


def looked_last() -> datetime | None:
    """When anybody has looked last, None before the first look."""
    last: datetime | None = DutyState.looked_at.python_value(DutyState.select(pw.fn.MAX(DutyState.looked_at)).scalar())
    return last


LEAST_FREE = 0.05  # of a disk
STUCK = timedelta(minutes=10)  # so long a paper waits while none is printed
MAIL_STUCK = timedelta(hours=2)  # so long the first letter has waited
STEP = timedelta(minutes=2)  # so far the clock may be set back, as time servers do now and then

AWAY = SAID_OF[Outage.AWAY]
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
class Watched:
    """Where the panel lives, and the moment at which it is looked at."""

    var: Path
    url: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """One thing that can fail: by which name it is told, and the sentence when it has failed, else ""."""

    name: str
    fault: Callable[[Watched], str]
    asks_database: bool = True


def disk(place: Watched) -> str:
    """Nothing can be written where files or database lie, or less than a twentieth of the disk is free for them."""
    folders = {"VAR_DIR": place.var}
    if engine(place.url) is sqlite:
        folders["basis data"] = Path(sqlite.path_of(place.url)).parent
    there = {which: folder for which, folder in folders.items() if folder.exists()}
    shut = (which for which, folder in there.items() if not os.access(folder, os.W_OK, effective_ids=True))
    if which := next(shut, ""):
        return UNWRITABLE.format(which=which)
    shares = {which: _share_free(folder) for which, folder in there.items()}
    narrow = {which: share for which, share in shares.items() if share < LEAST_FREE}
    return next((NARROW.format(left=int(share * 100), which=which) for which, share in narrow.items()), "")


def _share_free(folder: Path) -> float:
    seen = os.statvfs(folder)
    return seen.f_bavail / seen.f_blocks if seen.f_blocks else 1.0


def notes(place: Watched) -> str:
    """Notes of the access log wait for room, and there is none yet."""
    move_if_there_is_room()
    count = waiting_notes()
    return FULL.format(count=count) if count else ""


def press(place: Watched) -> str:
    """Papers wait, and none has been printed for a while. The queue goes in the papers' order, as do prints."""
    waits = PaperToPrint.select(Paper.issued_at).join(Paper).order_by(PaperToPrint.paper)
    since = waits.limit(1).scalar()
    if since is None or place.at - since < STUCK:
        return ""
    done = Print.select(Print.printed_at).order_by(Print.paper.desc()).limit(1).scalar()
    return WAITING.format(since=since) if done is None or place.at - done >= STUCK else ""


def chain(place: Watched) -> str:
    """The history was found broken when it was last walked."""
    last = last_verified()
    return BROKEN.format(at=last.at) if last and last.broken else ""


def migration(place: Watched) -> str:
    """The database does not know a numbered change that the program counts on."""
    lacking = migration_files(engine(place.url), FOLDER).keys() - applied_migrations(database)
    return LACKING.format(names=", ".join(sorted(lacking))) if lacking else ""


def backup(place: Watched) -> str:
    """A place for backups is named, and for more than a night none was proven there."""
    if not plan_in_force().place or is_copy(place.var):
        return ""
    hours, tried = age(place.at), last_try()
    if hours is None:  # without any try the first is made within minutes, if anything makes backups at all
        return NO_BACKUP if tried or _is_set_for_long(place.at) else ""
    return OLD_BACKUP.format(hours=int(hours)) if hours > OLD else ""


def _is_set_for_long(at: datetime) -> bool:
    """Whether the place was named before yesterday."""
    yesterday = at.astimezone(WIB).date() - timedelta(days=1)
    return bool(Setting.select().where((Setting.key == BACKUP_PLACE) & (Setting.valid_from < yesterday)).exists())


def mail(place: Watched) -> str:
    """Letters have waited for long: the mail server takes none."""
    count, since = stuck_since()
    return MAIL_WAITS.format(count=count, since=since) if since and place.at - since >= MAIL_STUCK else ""


_latest: list[datetime] = []  # the latest moment at which this process has looked


def clock(place: Watched) -> str:
    """The server's clock stands before what has been done already, or before somebody has looked."""
    latest = max([*_latest, place.at, *filter(None, (_moment_of_last_entry(), looked_last()))])
    _latest[:] = [latest]
    return BACK.format(latest=latest, at=place.at) if latest - place.at > STEP else ""


def _moment_of_last_entry() -> datetime | None:
    last: datetime | None = Event.select(Event.at).order_by(Event.id.desc()).limit(1).scalar()
    return last


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


def faults_at(var: Path, url: str, at: datetime | None = None) -> dict[str, str]:
    """What has failed, by name, each in a sentence that tells nothing of any case."""
    place = Watched(var, url, at or now())
    faults = {check.name: check.fault(place) for check in CHECKS if not check.asks_database}
    try:
        with database.connection_context():
            faults |= {check.name: check.fault(place) for check in CHECKS if check.asks_database}
    except DATABASE_ERRORS:
        faults["database"] = AWAY
    return {name: sentence for name, sentence in faults.items() if sentence}


WELL, WRONG, UNKNOWN = "well", "wrong", "unknown"
STATES = {WELL: "baik", WRONG: "perlu", UNKNOWN: "dilewati"}


@dataclass(frozen=True)
class Surroundings(Watched):
    """Where the panel lives, and what lies around it: its own name where it is opened by https, the log of failures
    where one is kept, and the folder of its program."""

    own_name: str
    failures: Path | None
    house: Path


@dataclass(frozen=True)
class Finding:
    """How one thing stands, in a sentence that tells nothing of any case."""

    state: str
    sentence: str


def well(sentence: str) -> Finding:
    return Finding(WELL, sentence)


def wrong(sentence: str) -> Finding:
    return Finding(WRONG, sentence)


def unknown(sentence: str) -> Finding:
    return Finding(UNKNOWN, sentence)
