"""Identity of this installation, its status (production, copy or training), and the locks of its data folder."""

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

from models.store.base import BACKUPS, EMAILS, Model, Moment, database
from models.store.files import settle


def is_ours(path: Path) -> bool:
    """Whether this process may read and write the path."""
    within = os.X_OK if path.is_dir() else 0
    return os.access(path, os.R_OK | os.W_OK | within, effective_ids=True)


def name_of(uid: int) -> str:
    """The name of a user of this server, or his uid in words where it has no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"nomor {uid}"


class Installation(Model):
    """The panel on one server from a moment on. A panel restored from its backup has these rows as its own past."""

    append_only = True
    in_digest = False

    at = Moment(verbose_name="Sejak")
    mark = pw.CharField(max_length=32)
    machine = pw.CharField(max_length=64, default="")  # hash that identifies the server, "" where unknown
    former = pw.CharField(max_length=32, default="")  # mark of another installation whose backup folder it took over


def last_installation() -> Installation | None:
    """This installation; None before the first start that serves users."""
    last: Installation | None = Installation.select().order_by(Installation.id.desc()).first()
    return last


def begin_installation(machine: str, at: datetime, former: str = "") -> Installation:
    """Start a new installation, with a new mark."""
    begun: Installation = Installation.create(at=at, mark=secrets.token_hex(16), machine=machine, former=former)
    return begun


def own_marks() -> set[str]:
    """All marks of this installation: present, earlier, and those it took over from."""
    return {mark for row in Installation.select() for mark in (row.mark, row.former) if mark}


LOCK_FILE = "layanan.kunci"  # under VAR_DIR
SERVED = "Panel sedang berjalan dari folder data ini. Hentikan dahulu (systemctl stop panel), lalu ulangi."
EXCHANGED = "Cadangan sedang dipulihkan ke folder data ini. Tunggu sampai selesai, lalu mulai lagi."

_lock_files: dict[Path, int] = {}


def take_lock(path: Path, *, alone: bool = False) -> bool:
    """Take the lock for the life of this process; False if another process has it. True as well where no lock file can
    be made, as on a full disk: that must not stop the panel from serving, and no restore could run there."""
    try:
        lock = _try_lock(path, alone=alone)
    except OSError:
        return True
    if lock is None:
        return False
    _lock_files[path] = lock
    return True


def leave(path: Path) -> None:
    """Release the lock before the process exits."""
    os.close(_lock_files.pop(path))


@contextmanager
def locked_for_restore(var: Path) -> Iterator[None]:
    """Lock the folder against serving while a backup is restored into it: a running panel would go on with the old
    files. ValueError with a sentence while one runs. A folder that this process may not write is not locked."""
    if not os.access(var, os.W_OK | os.X_OK, effective_ids=True):
        yield
        return
    lock = _try_lock(var / LOCK_FILE, alone=True)
    if lock is None:
        raise ValueError(SERVED)
    try:
        yield
    finally:
        os.close(lock)


def _try_lock(path: Path, *, alone: bool) -> int | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


STATUS_FILE = "kedudukan"  # under VAR_DIR; no such file: the office's own panel
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
    """Read the status of this process from the file under `var`."""
    _folder[:] = [var]


def status(var: Path | None = None) -> str:
    """The status of the panel under `var`, by default of this process; "" for the production panel. An unreadable
    status counts as an undecided copy, which makes no backups and sends no e-mail."""
    folder = var or next(iter(_folder), None)
    try:
        return (folder / STATUS_FILE).read_text().strip() if folder else ""
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        return RESTORED


def is_copy(var: Path | None = None) -> bool:
    """Whether the panel makes no scheduled backups and sends no e-mail."""
    return bool(status(var))


def sentence(var: Path | None = None) -> str:
    """The notice that a copy shows; "" for the production panel."""
    word = status(var)
    return PRACTICE if word == TRIAL else WAITS.format(WHAT.get(word, WHAT[RESTORED])) if word else ""


def mark_as(var: Path, word: str) -> None:
    """Write the status file atomically and durably."""
    _written_status(var, word).replace(var / STATUS_FILE)
    settle(var)


def _written_status(var: Path, word: str) -> Path:
    """Write the status durably under a temporary name, to be renamed."""
    begun = var / f"{STATUS_FILE}.baru"
    with begun.open("w") as file:
        file.write(word)
        file.flush()
        os.fsync(file.fileno())
    return begun


def check_installation(var: Path, at: datetime) -> None:
    """At a start that serves users: the first one creates the installation; on another server than before it is marked
    as a copy until an administrator has decided. The database must be open."""
    machine, last = this_machine(), last_installation()
    if last is None:
        begin_installation(machine, at)
    elif last.machine and machine and last.machine != machine and not is_copy(var):
        mark_as(var, COPIED)


def make_production(var: Path, at: datetime, former: str = "") -> None:
    """Make this the production panel; `former` is the mark that owned its backup folder. The database must be open."""
    become(var, "", at, former)


def make_training(var: Path, at: datetime) -> None:
    """Make this a training panel. The database must be open."""
    become(var, TRIAL, at)


def become(var: Path, word: str, at: datetime, former: str = "", record: Callable[[], None] = lambda: None) -> None:
    """Change the status of this panel; `record` writes it to the history, or raises where it is not allowed.

    The new status file is written before the rows are committed and renamed right after: if it cannot be written,
    nothing changes. A crash in between leaves the former status, so a copy still makes no backups and sends no e-mail.
    """
    with database.atomic():
        record()
        begin_installation(this_machine(), at, former)
        ready = _written_status(var, word)
    ready.replace(var / STATUS_FILE)
    if not word:
        (var / STATUS_FILE).unlink()
    settle(var)
    BACKUPS.send()  # a copy makes none and sends no e-mail
    EMAILS.send()


def this_machine() -> str:
    """A hash that identifies this server; "" where it has no machine id, as in a container."""
    try:
        machine_id = MACHINE.read_text().strip()
    except OSError:
        return ""
    return sha256(b"panel-pengaduan/server" + machine_id.encode()).hexdigest() if machine_id else ""
