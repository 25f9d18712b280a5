"""The database laid aside before another version takes over, and back: whole, and nothing is asked of its tables.

So a newer panel can do it for an older one. Nothing but deploy/upgrade and deploy/downgrade asks for it. With the
database goes what waits for room in it. Keys are not copied, since no version changes them, nor files, since none is
ever changed or removed.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from models import schema
from models.complaint import reserve
from models.operations import archive
from models.operations.archive import FrameReader
from models.operations.backupchild import copies_of
from models.operations.making import HELD_FOR, Source, hold
from models.operations.place import ArchiveFolder, moment_of
from models.sign_in import tries_on_full_disk
from models.store.base import all_models, append_only_tables, database, engine, now, snapshot
from models.store.files import settle

WAITING = (reserve.NAME, tries_on_full_disk.NAME)  # files whose lines a start takes into the database
GONE = "Cadangan {name} tidak ada lagi di {place}."
OTHER_KIND = "Cadangan {name} bukan dari jenis basis data ini."
NONE_YET = "Belum ada cadangan yang teruji."


def lay_aside(source: Source, folder: Path) -> None:
    """A copy in `folder`, which is there once all of it is on the disk."""
    begun = folder.with_name(f"{folder.name}.baru")
    for place in (begun, folder):
        shutil.rmtree(place, ignore_errors=True)
    begun.mkdir(mode=0o700)
    database.initialize(engine(source.url).reading_database(source.url, append_only_tables))
    with database.connection_context(), snapshot():
        database.execute_sql("SELECT 1")
        copies_of(source.url).take(source.owner_url or source.url, begun)  # an older version's role may not read all
    _copy_waiting(source.var, begun)
    os.sync()
    begun.rename(folder)
    settle(folder.parent)


def lay_back(source: Source, folder: Path) -> None:
    """The copy where the database lies, whatever is there by now."""
    copies_of(source.url).bring(folder, source.url, source.owner_url)
    _copy_waiting(folder, source.var)
    os.sync()


def _copy_waiting(source: Path, target: Path) -> None:
    for name in WAITING:
        if (source / name).exists():
            shutil.copy2(source / name, target / name)


def take_out(source: Source, archive_url: str, folder: Path) -> None:
    """The database out of a backup, into `folder`, as `lay_aside` would have left it. ValueError in a sentence."""
    place, _, name = archive_url.rpartition("/")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    key = bytes.fromhex((source.var / archive.FILE).read_text().strip())
    try:
        with ArchiveFolder(place).reading(name) as file:
            found = archive.pick(FrameReader(file, key), copies_of(source.url).PART, folder)
    except FileNotFoundError as gone:
        raise ValueError(GONE.format(name=name, place=place)) from gone
    if not found:
        raise ValueError(OTHER_KIND.format(name=name))


def bring_back(source: Source, folder: Path) -> None:
    """Such a copy where the database lies. Nobody is signed in by it, and no letter that waited then is sent again."""
    lay_back(source, folder)
    owner = engine(source.url).owner_database(source.owner_url or source.url)
    with owner.connection_context():
        passing = {model._meta.table_name for model in all_models() if not model.survives_restore}
        for table in passing & set(owner.get_tables()):
            owner.execute_sql(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own models


def hold_latest(source: Source, why: str) -> tuple[str, datetime]:
    """The good backup that was made last stays for a while; its address, and of when it is. ValueError if there is
    none. The table is asked as an older version has left it."""
    rows = """SELECT "name", "place" FROM "backup" WHERE "fault" = '' ORDER BY "id" DESC LIMIT 1"""
    owner = engine(source.url).owner_database(source.owner_url or source.url)
    with owner.connection_context():
        found = owner.execute_sql(rows).fetchone()
    if found is None:
        raise ValueError(NONE_YET)
    name, place = found
    hold(ArchiveFolder(place), name, why, now().date() + HELD_FOR)
    return f"{place.rstrip('/')}/{name}", moment_of(name)


def migrations(source: Source) -> list[str]:
    """The names of the numbered changes that the database has seen."""
    owner = engine(source.url).owner_database(source.owner_url or source.url)
    with owner.connection_context():
        return sorted(schema.applied_migrations(owner))
