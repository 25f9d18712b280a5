"""Internal commands of deploy/upgrade and deploy/downgrade: `python app.py WORD …`.

The database may be of an older version or unreachable, so the app is created only for the words that need it.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from flask import Flask

from admin.server import database_copy, rehearsal
from models.operations.backup_making import Source
from models.store.outage import DATABASE_ERRORS, start_sentence, why

STOPPED, LEFT = "Dihentikan.", 128 + signal.SIGINT  # the exit code of a shell after Ctrl-C
NO_COPY = "Jalan coba hanya pada salinan: VAR_DIR harus folder {}."
WAIT = 300.0  # seconds

Open = Callable[[], Flask]  # creates the app, which migrates its database


def _renew(source: Source, open_panel: Open, folder: str) -> None:
    """Copy the database, then migrate it as the start of this version does."""
    database_copy.copy_database(source, Path(folder))
    open_panel()


def _hold_latest(source: Source, open_panel: Open, why: str) -> None:
    address, moment = database_copy.exempt_latest_backup(source, why)
    print(f"{address}\n{moment:%d-%m-%Y pukul %H.%M %Z}")


def _rehearse(source: Source, open_panel: Open, release: str, *copied: str) -> None:
    excused = frozenset(os.environ.get("EXCUSED", "").split())
    terms = rehearsal.Terms(float(os.environ.get("WAIT") or WAIT), excused)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _exit)
    rehearsal.rehearse(source, Path(release), terms, *map(Path, copied))


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(1)


def _faults(source: Source, open_panel: Open, address: str) -> None:
    """Print the names of the faults on the first line, then a sentence each."""
    faults = rehearsal.failed_checks(address)
    print(" ".join(faults), *faults.values(), sep="\n")


def _walk(source: Source, open_panel: Open, address: str) -> None:
    if source.var.name != rehearsal.FOLDER:
        raise ValueError(NO_COPY.format(rehearsal.FOLDER))
    rehearsal.walk(open_panel(), rehearsal.ask_over_http(address))


ACTS: dict[str, Callable[..., None]] = {
    "lay-aside": lambda source, _, folder: database_copy.copy_database(source, Path(folder)),
    "lay-back": lambda source, _, folder: database_copy.restore_copy(source, Path(folder)),
    "renew": _renew,
    "take-out": lambda source, _, archive, folder: database_copy.extract_copy(source, archive, Path(folder)),
    "bring-back": lambda source, _, folder: database_copy.restore_backup_copy(source, Path(folder)),
    "hold-latest": _hold_latest,
    "migrations": lambda source, _: print(*database_copy.migrations(source)),
    "rehearse": _rehearse,
    "faults": _faults,
    "walk": _walk,
}


def perform(words: list[str], source: Source, open_panel: Open) -> int:
    """Run the command; the exit code: 0, 1 after a sentence on stderr, 130 after Ctrl-C."""
    try:
        ACTS[words[0]](source, open_panel, *words[1:])
    except (ValueError, OSError, *DATABASE_ERRORS) as fault:
        print(_sentence(fault), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return LEFT
    return 0


def _sentence(fault: Exception) -> str:
    if isinstance(fault, OSError):
        return f"{why(fault).capitalize()}{f': {fault.filename}' if fault.filename else ''}."
    return start_sentence(fault) if isinstance(fault, DATABASE_ERRORS) else str(fault)
