"""Whether this panel is the one that the office works with, or a copy: brought back from a backup, or for practice.

A copy must take nothing from the original: it makes no backups by itself, sends no letters, and says on every page
what it is, until somebody has decided what it is to be. The word lies in a file beside the keys: asking costs nothing.
"""

import os
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from models.installation.installation import begin_installation, last_installation
from models.store.base import database
from models.store.files import settle

NAME = "kedudukan"  # under VAR_DIR; no such file: the office's own panel
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
        return (folder / NAME).read_text().strip() if folder else ""
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
    _laid_ready(var, word).replace(var / NAME)
    settle(var)


def _laid_ready(var: Path, word: str) -> Path:
    """The word on the disk, under a name by which it does not count yet."""
    begun = var / f"{NAME}.baru"
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
    ready.replace(var / NAME)
    if not word:
        (var / NAME).unlink()
    settle(var)


def this_machine() -> str:
    """By what this server is known again, as a hash; "" where it has no name of its own, as in a container."""
    try:
        told = MACHINE.read_text().strip()
    except OSError:
        return ""
    return sha256(b"panel-pengaduan/server" + told.encode()).hexdigest() if told else ""
