"""Snapshots of the database for deploy/upgrade and deploy/downgrade: copied whole and restored, whatever its schema.

So a newer version can do it for an older one. The reserve files, which wait for space on the disk, are copied too. Keys
are not copied, since no version changes them, nor files, since none is ever changed or removed.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from models import schema
from models.complaint import accesslog_reserve
from models.operations import archive
from models.operations.archive import FrameReader
from models.operations.backup_location import ArchiveFolder, moment_of
from models.operations.backup_making import EXEMPT_FOR, Source, exempt_from_retention
from models.operations.backup_worker import copier_of
from models.sign_in import attempts_on_full_disk
from models.store.base import all_models, append_only_tables, database, engine, now, snapshot
from models.store.files import settle

WAITING = (
    accesslog_reserve.NAME,
    attempts_on_full_disk.NAME,
)  # files whose lines are imported into the database at start
GONE = "Cadangan {name} tidak ada lagi di {place}."
OTHER_KIND = "Cadangan {name} bukan dari jenis basis data ini."
NONE_YET = "Belum ada cadangan yang teruji."


def copy_database(source: Source, folder: Path) -> None:
    """Copy the database into `folder`, which gets its name once all of it is on the disk."""
    begun = folder.with_name(f"{folder.name}.baru")
    for place in (begun, folder):
        shutil.rmtree(place, ignore_errors=True)
    begun.mkdir(mode=0o700)
    database.initialize(engine(source.url).reading_database(source.url, append_only_tables))
    with database.connection_context(), snapshot():
        database.execute_sql("SELECT 1")
        # by the owner: the app's role of an older version may not read all tables
        copier_of(source.url).take(source.owner_url or source.url, begun)
    _copy_waiting(source.var, begun)
    os.sync()
    begun.rename(folder)
    settle(folder.parent)


def restore_copy(source: Source, folder: Path) -> None:
    """Restore the copy over the present database."""
    copier_of(source.url).bring(folder, source.url, source.owner_url)
    _copy_waiting(folder, source.var)
    os.sync()


def _copy_waiting(source: Path, target: Path) -> None:
    for name in WAITING:
        if (source / name).exists():
            shutil.copy2(source / name, target / name)


def extract_copy(source: Source, archive_url: str, folder: Path) -> None:
    """Extract the database of a backup into `folder`, as `copy_database` leaves it. ValueError with a sentence."""
    place, _, name = archive_url.rpartition("/")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    key = archive.key_from(source.var)
    try:
        with ArchiveFolder(place).reading(name) as file:
            is_extracted = archive.pick(FrameReader(file, key), copier_of(source.url).PART, folder)
    except FileNotFoundError as gone:
        raise ValueError(GONE.format(name=name, place=place)) from gone
    if not is_extracted:
        raise ValueError(OTHER_KIND.format(name=name))


def restore_backup_copy(source: Source, folder: Path) -> None:
    """Restore such a copy, then empty the tables of sessions and queued e-mail: no user is signed in, no e-mail is sent
    again."""
    restore_copy(source, folder)
    owner = engine(source.url).owner_database(source.owner_url or source.url)
    with owner.connection_context():
        temporary = {model._meta.table_name for model in all_models() if not model.survives_restore}
        for table in temporary & set(owner.get_tables()):
            owner.execute_sql(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own models


def exempt_latest_backup(source: Source, why: str) -> tuple[str, datetime]:
    """Protect the latest good backup from deletion for a while; its address and time. ValueError if there is none. Raw
    SQL, since the table may have the schema of an older version."""
    rows = """SELECT "name", "place" FROM "backup" WHERE "fault" = '' ORDER BY "id" DESC LIMIT 1"""
    owner = engine(source.url).owner_database(source.owner_url or source.url)
    with owner.connection_context():
        latest = owner.execute_sql(rows).fetchone()
    if latest is None:
        raise ValueError(NONE_YET)
    name, place = latest
    exempt_from_retention(ArchiveFolder(place), name, why, now().date() + EXEMPT_FOR)
    return f"{place.rstrip('/')}/{name}", moment_of(name)


def migrations(source: Source) -> list[str]:
    """The names of the migrations that the database has."""
    owner = engine(source.url).owner_database(source.owner_url or source.url)
    with owner.connection_context():
        return sorted(schema.applied_migrations(owner))
