"""Before a migration changes a database, a copy of it is laid beside it: what cannot be copied is not migrated."""

import errno
import os
from collections.abc import Sequence
from glob import escape
from pathlib import Path

from models.backup.child import copies_of
from models.backup.making import Source
from models.store.files import settle
from models.store.outage import DATABASE_ERRORS, Outage, outage_of

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
