"""SQLite's database as one file: copied by its own backup from the open snapshot, packed, and laid into its place."""

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
SIDES = ("-wal", "-shm", "-journal")  # what SQLite keeps beside its file
DAMAGED = "Berkas basis data di dalam cadangan rusak."
MALFORMED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
BROKEN = "berkas basis data rusak; pulihkan dari cadangan"


def take(url: str, folder: Path) -> None:
    """Write the copy of the open snapshot into a folder; never `cp`, which loses what is still in the journal."""
    plain = folder / "copy.sqlite"
    with closing(sqlite3.connect(str(plain))) as target:
        database.connection().backup(target)
    with plain.open("rb") as copied, gzip.open(folder / PART, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(copied, packed, 1 << 20)
    plain.unlink()


def name_of(url: str) -> str:
    """By what the database is known beside others in its folder."""
    return Path(sqlite.path_of(url)).stem


def copy_whole(url: str, path: Path) -> None:
    """Write the database as a file of SQLite's own, and see that it is whole. ValueError in a sentence if it is not."""
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
    """The copy brought to life in a place that nobody else knows, for as long as this lasts."""
    path = folder / SCRATCH
    _unpack(folder, path)
    yield sqlite.owner_database(f"sqlite:///{path}")
    for name in ("", *SIDES):
        Path(f"{path}{name}").unlink(missing_ok=True)


@contextmanager
def place_beside(folder: Path, url: str, owner_url: str | None) -> Iterator[tuple[str, str | None]]:
    """Where a copy can be worked on for a while: its address, and its owner's. Nothing is there yet."""
    yield f"sqlite:///{folder / 'panel.sqlite'}", None


def damage(opened: pw.Database) -> str:
    """The sentence that says that the file itself is broken, "" if it is whole."""
    whole = opened.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
    return "" if whole and not sqlite.orphans(opened) else DAMAGED


def bring(folder: Path, url: str, owner_url: str | None) -> None:
    """Lay the copy where the panel's database lies; the caller has seen that nothing is in it."""
    path = Path(sqlite.path_of(url))
    fresh = path.with_name(f"{path.name}.baru")
    _unpack(folder, fresh)
    for side in SIDES:
        Path(f"{path}{side}").unlink(missing_ok=True)
    fresh.replace(path)
    settle(path.parent)


def emptying(url: str, owner_url: str | None) -> str:
    """The command by which somebody on the server makes the place empty."""
    return shlex.join(["rm", "-f", *(f"{sqlite.path_of(url)}{side}" for side in ("", "-wal", "-shm"))])


def _unpack(folder: Path, path: Path) -> None:
    with gzip.open(folder / PART) as packed, path.open("wb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(packed, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
