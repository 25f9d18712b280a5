"""Copies a SQLite database: by the backup API from the open snapshot, compressed; restored by a rename."""

import gzip
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import peewee as pw
from peewee import sqlite3

from models.store import sqlite
from models.store.base import database
from models.store.files import settle

PART, WHOLE = "database.sqlite.gz", ".sqlite"
SCRATCH = "terpulihkan.sqlite"
SIDES = ("-wal", "-shm", "-journal")  # suffixes of the journal files of the database
DAMAGED = "Berkas basis data di dalam cadangan rusak."
MALFORMED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
BROKEN = "berkas basis data rusak; pulihkan dari cadangan"


def take(url: str, folder: Path) -> None:
    """Write a copy of the open snapshot into a folder; a plain file copy would lose what is still in the journal."""
    plain = folder / "copy.sqlite"
    with closing(sqlite3.connect(str(plain))) as target:
        database.connection().backup(target)
    with plain.open("rb") as copied, gzip.open(folder / PART, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(copied, packed, 1 << 20)
    plain.unlink()


def name_of(url: str) -> str:
    """The name of the database's file without its suffix."""
    return Path(sqlite.path_of(url)).stem


def copy_whole(url: str, path: Path) -> None:
    """Copy the database to `path` and check the copy. ValueError with a sentence if it is damaged."""
    try:
        with closing(sqlite3.connect(sqlite.path_of(url))) as source, closing(sqlite3.connect(str(path))) as target:
            source.backup(target)
            whole = target.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError as fault:
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF not in MALFORMED:
            raise
        whole = False
    if not whole:
        raise ValueError(BROKEN)


@contextmanager
def scratch(folder: Path, url: str, owner_url: str | None) -> Iterator[pw.Database]:
    """The copy as a temporary database, deleted when the block ends."""
    path = folder / SCRATCH
    _unpack(folder, path)
    yield sqlite.owner_database(f"sqlite:///{path}")
    for name in ("", *SIDES):
        Path(f"{path}{name}").unlink(missing_ok=True)


@contextmanager
def temporary_urls(folder: Path, url: str, owner_url: str | None) -> Iterator[tuple[str, str | None]]:
    """URLs, of the app and of the owner (None), of a temporary database for a copy; the file does not exist yet."""
    yield f"sqlite:///{folder / 'panel.sqlite'}", None


def damage(opened: pw.Database) -> str:
    """The sentence if the database file is damaged, else ""."""
    whole = opened.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
    return "" if whole and not sqlite.orphans(opened) else DAMAGED


def bring(folder: Path, url: str, owner_url: str | None) -> None:
    """Replace the panel's database by the copy; the caller has checked that it is empty."""
    path = Path(sqlite.path_of(url))
    fresh = path.with_name(f"{path.name}.baru")
    _unpack(folder, fresh)
    for side in SIDES:
        Path(f"{path}{side}").unlink(missing_ok=True)
    fresh.replace(path)
    settle(path.parent)


def emptying(url: str, owner_url: str | None) -> str:
    """The shell command that deletes the database."""
    return shlex.join(["rm", "-f", *(f"{sqlite.path_of(url)}{side}" for side in ("", "-wal", "-shm"))])


def _unpack(folder: Path, path: Path) -> None:
    with gzip.open(folder / PART) as packed, path.open("wb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(packed, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
