"""The database laid aside before an upgrade, and back after one that failed: whole, and nothing is asked of its tables.

So a newer panel can do it for an older one. Called as `python app.py lay-aside FOLDER`, by nobody but deploy/upgrade,
while no panel runs. With it goes what waits for room in it. Keys are not copied, since no version changes them, nor
files, since none is ever changed or removed.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from models.backup.child import copies_of
from models.backup.making import Source
from models.password import aside
from models.reserve import notes
from models.store.base import append_only_tables, database, engine, snapshot
from models.store.files import settle
from models.store.outage import DATABASE_ERRORS, start_sentence

WAITING = (notes.NAME, aside.NAME)  # files whose lines a start takes into the database


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


ACTS: dict[str, Callable[[Source, Path], None]] = {"lay-aside": lay_aside, "lay-back": lay_back}


def perform(words: list[str], source: Source) -> int:
    """What the words say; 1 and a sentence if it cannot be done."""
    act, folder = words
    try:
        ACTS[act](source, Path(folder))
    except (ValueError, OSError, *DATABASE_ERRORS) as fault:
        print(start_sentence(fault) if isinstance(fault, DATABASE_ERRORS) else fault, file=sys.stderr)
        return 1
    return 0
