"""How much is kept, where there is room, and what the checks of /health/ready say; the database is only read."""

import os
from collections.abc import Iterator
from pathlib import Path

import peewee

from admin.diagnosis.line import Line
from admin.process.failurelog import kind_of
from models.letters.queue import AGAIN, STATES, QueuedLetter, waiting_since
from models.operations.checks import CHECKS, Watched
from models.schema import FOLDER, applied_migrations, migration_files
from models.store import sqlite
from models.store.base import all_models, append_only_tables, database, engine
from models.store.outage import DATABASE_ERRORS
from sop.words import format_moment, format_number, format_size

MOVES = ("notes",)  # checks that put something in order while they look
AS_EVER = "seperti biasa"
FROZEN = "tanpa jurnalnya, yang tidak dapat dibuka (mungkin tempat penyimpanan penuh)"


def open_to_look(url: str) -> str | None:
    """Connect to the database without preparing anything; in which manner, None if there is no such file."""
    if engine(url) is not sqlite:
        _connect(engine(url).reading_database(url, append_only_tables))
        return AS_EVER
    file = sqlite.file_of(url)
    if not file.is_file():
        return None
    if not _journal_of(file).is_file():  # nobody has it open, and all of it stands in the one file
        _connect(sqlite.frozen_database(url))
        return AS_EVER
    try:
        _connect(sqlite.reading_database(url, append_only_tables))
    except DATABASE_ERRORS:
        database.close()
        _connect(sqlite.frozen_database(url))
        return FROZEN
    return AS_EVER


def _connect(to: peewee.Database) -> None:
    database.initialize(to)
    database.connect()
    database.execute_sql('SELECT 1 FROM "migration" LIMIT 1').fetchone()  # a file is opened by the first look into it


def _journal_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def room(place: Watched) -> Iterator[Line]:
    """What is free where the panel writes, and how large is what it has written; folders are told by what they are."""
    folders = {"VAR_DIR": place.var, "cadangan kerja": place.var / "cadangan.kerja", "log": place.var / "log"}
    if engine(place.url) is sqlite:
        folders["basis data"] = sqlite.file_of(place.url).parent
    for name, folder in folders.items():
        if folder.is_dir():
            seen = os.statvfs(folder)
            free, whole = seen.f_bavail * seen.f_frsize, seen.f_blocks * seen.f_frsize
            yield Line(name, f"sisa {format_size(free)} dari {format_size(whole)}")
    yield Line("berkas log", format_size(_size_of(place.var / "log")))


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*") if file.is_file()) if folder.is_dir() else 0


def base(place: Watched) -> Iterator[Line]:
    kind = engine(place.url)
    yield Line("jenis", kind.NAME)
    if kind is sqlite:
        file = sqlite.file_of(place.url)
        yield Line("ukuran", format_size(file.stat().st_size))
        journal = _journal_of(file)
        yield Line("jurnal", format_size(journal.stat().st_size if journal.is_file() else 0))
        return
    [(server, size)] = database.execute_sql("SELECT version(), pg_database_size(current_database())").fetchall()
    yield Line("versi server", " ".join(str(server).split()[:2]))
    yield Line("ukuran", format_size(int(size)))


def migrations(place: Watched) -> Iterator[Line]:
    """Those that this version brings; of others only how many there are."""
    known, applied = migration_files(engine(place.url), FOLDER).keys(), applied_migrations(database)
    yield Line("dijalankan", f"{len(known & applied)} dari {len(known)}")
    for name in sorted(known - applied):
        yield Line("belum dijalankan", name)
    yield Line("tidak dikenal", str(len(applied - known)))


def rows(place: Watched) -> Iterator[Line]:
    for model in sorted(all_models(), key=lambda model: str(model._meta.table_name)):
        yield Line(str(model._meta.table_name), _count(model._meta.table_name))


def _count(table: str) -> str:
    try:
        return format_number(database.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - own names
    except DATABASE_ERRORS as fault:
        return f"tidak dapat dibaca: {kind_of(fault)}"


def letters(place: Watched) -> Iterator[Line]:
    """How many wait for the mail server, and since when; of what they tell, nothing."""
    count, since = waiting_since()
    yield Line("menunggu", f"{count}, sejak {format_moment(since)}" if since else str(count))
    for state in AGAIN:
        yield Line(STATES[state].lower(), str(QueuedLetter.select().where(QueuedLetter.state == state).count()))


def checked(place: Watched) -> Iterator[Line]:
    """Of each check whether it found a fault. Its sentence names folders, so it stays here."""
    for check in CHECKS:
        if check.name not in MOVES:
            try:
                yield Line(check.name, "gangguan" if check.fault(place) else "baik")
            except Exception as fault:  # what a check stumbles over is what whoever helps wants to know
                yield Line(check.name, f"tidak dapat diperiksa: {kind_of(fault)}")
