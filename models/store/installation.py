"""Which installation this is, whether it is the one that the office works with or a copy, and who holds its folder."""

import fcntl
import os
import pwd
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import peewee as pw

from models.store.base import Model, Moment, database
from models.store.files import settle


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


LOCK_FILE = "layanan.kunci"  # under VAR_DIR
SERVED = "Panel sedang berjalan dari folder data ini. Hentikan dahulu (systemctl stop panel), lalu ulangi."
EXCHANGED = "Cadangan sedang dipulihkan ke folder data ini. Tunggu sampai selesai, lalu mulai lagi."

_held: dict[Path, int] = {}


def stays_in(path: Path, *, alone: bool = False) -> bool:
    """Whether this process gets the lock of that name; it then has it as long as it lives. Where none can be laid, as
    on a full disk, nobody is kept from serving: nothing could be brought back there, either."""
    try:
        lock = _locked(path, alone=alone)
    except OSError:
        return True
    if lock is None:
        return False
    _held[path] = lock
    return True


def leave(path: Path) -> None:
    """As the end of the process does."""
    os.close(_held.pop(path))


@contextmanager
def exchanging(var: Path) -> Iterator[None]:
    """Nobody serves this folder meanwhile: a panel would go on with what lay there before. ValueError in a sentence
    where one does. A folder of somebody else's is not ours to lock, nor to exchange."""
    if not os.access(var, os.W_OK | os.X_OK, effective_ids=True):
        yield
        return
    lock = _locked(var / LOCK_FILE, alone=True)
    if lock is None:
        raise ValueError(SERVED)
    try:
        yield
    finally:
        os.close(lock)


def _locked(path: Path, *, alone: bool) -> int | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


STANDING_FILE = "kedudukan"  # under VAR_DIR; no such file: the office's own panel
RESTORED, COPIED, TRIAL = "dipulihkan", "disalin", "latihan"
UNDECIDED = (RESTORED, COPIED)
MACHINE = Path("/etc/machine-id")
WHAT = {
    RESTORED: "Panel ini dipulihkan dari cadangan",
    COPIED: "Data panel ini disalin dari server lain",
    TRIAL: "Panel ini untuk latihan",
}
WAITS = (
    "{}, dan belum diputuskan apakah menggantikan server lama atau untuk latihan. Sampai diputuskan pada halaman "
    "Cadangan tidak ada cadangan yang dibuat dan tidak ada surel yang dikirim."
)
PRACTICE = "Panel ini untuk latihan: cadangan kantor tidak disentuh, dan tidak ada surel yang dikirim."

_folder: list[Path] = []


def install(var: Path) -> None:
    """From now on this process asks the file under `var`."""
    _folder[:] = [var]


def standing(var: Path | None = None) -> str:
    """The word of what the panel under `var` is, else of this process' own; "" for the office's. Where the word is
    there and cannot be read, the panel counts as a copy of which nobody has decided yet: it takes nothing from anybody.
    """
    folder = var or next(iter(_folder), None)
    try:
        return (folder / STANDING_FILE).read_text().strip() if folder else ""
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        return RESTORED


def is_copy(var: Path | None = None) -> bool:
    """Whether it makes no backups by itself and sends no letters."""
    return bool(standing(var))


def sentence(var: Path | None = None) -> str:
    """What a copy says of itself; "" for the office's own panel."""
    word = standing(var)
    return PRACTICE if word == TRIAL else WAITS.format(WHAT.get(word, WHAT[RESTORED])) if word else ""


def mark_as(var: Path, word: str) -> None:
    """Lay the word under VAR_DIR, on the disk before it counts."""
    _laid_ready(var, word).replace(var / STANDING_FILE)
    settle(var)


def _laid_ready(var: Path, word: str) -> Path:
    """The word on the disk, under a name by which it does not count yet."""
    begun = var / f"{STANDING_FILE}.baru"
    with begun.open("w") as file:
        file.write(word)
        file.flush()
        os.fsync(file.fileno())
    return begun


def look_around(var: Path, at: datetime) -> None:
    """At a start with people: the first names the installation; on another server than before it is a copy until
    somebody has decided. The database must be open."""
    here, last = this_machine(), last_installation()
    if last is None:
        begin_installation(here, at)
    elif last.machine and here and last.machine != here and not is_copy(var):
        mark_as(var, COPIED)


def take_over(var: Path, at: datetime, former: str = "") -> None:
    """This panel is the office's from now on; `former` has held its place of backups. The database must be open."""
    become(var, "", at, former)


def practise(var: Path, at: datetime) -> None:
    """This panel is for practice from now on. The database must be open."""
    become(var, TRIAL, at)


def become(var: Path, word: str, at: datetime, former: str = "", noted: Callable[[], None] = lambda: None) -> None:
    """From now on this panel is what the word says; `noted` tells the history, or raises where it may not be.

    Where the word cannot be kept nothing is: it is laid ready before the rows count, and counts right after them. A
    stop in between leaves the former word, by which a copy still takes nothing from anybody.
    """
    with database.atomic():
        noted()
        begin_installation(this_machine(), at, former)
        ready = _laid_ready(var, word)
    ready.replace(var / STANDING_FILE)
    if not word:
        (var / STANDING_FILE).unlink()
    settle(var)


def this_machine() -> str:
    """By what this server is known again, as a hash; "" where it has no name of its own, as in a container."""
    try:
        told = MACHINE.read_text().strip()
    except OSError:
        return ""
    return sha256(b"panel-pengaduan/server" + told.encode()).hexdigest() if told else ""
