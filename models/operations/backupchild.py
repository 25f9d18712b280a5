"""Copying and proving in a process of its own: it takes its time beside the panel, and its memory goes with it."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

from models import digest, schema
from models.operations import postgres_copy, sqlite_copy
from models.operations.kept_files import is_sound, named_paths
from models.reading import registerbook
from models.store import bounded, seal
from models.store.base import append_only_tables, database, engine, snapshot
from models.store.bounded import Work
from models.store.outage import why
from models.workflow.proof import verified

COPIES: dict[str, ModuleType] = {"sqlite": sqlite_copy, "postgresql": postgres_copy}
LONGEST = 6 * 3600.0  # seconds that a copy or a proof may take
SAME = "Isi yang dipulihkan dari cadangan tidak sama dengan isi panel saat disalin."
FILE_GONE = "Berkas {} tidak ada di dalam cadangan atau isinya berubah."
SPENT = "Proses penyalin berhenti sebelum selesai."


@dataclass(frozen=True)
class Said:
    """What a database says of itself at one moment."""

    digest: str
    shape: str
    entries: int
    migrations: list[str]
    paths: list[str]


def copies_of(url: str) -> ModuleType:
    """How the kind of database at `url` is copied."""
    return COPIES[engine(url).NAME]


def copied(url: str, key: bytes, folder: Path) -> Said:
    """Copy the database at `url` into a folder; what it says at that very moment. ValueError in a sentence."""
    return _asked("copy", url=url, key=key.hex(), folder=str(folder))


def proven(folder: Path, url: str, owner_url: str | None, lacking: list[str]) -> Said:
    """Restore the copy in a folder into an empty place, check all of it there, and forget it; what it says."""
    return _asked("prove", url=url, owner_url=owner_url, folder=str(folder), lacking=lacking)


def _asked(act: str, **request: object) -> Said:
    try:
        asked = json.dumps([act, request]).encode()
        answer = json.loads(bounded.answer(__name__, asked, seconds=LONGEST, work=Work.COPY))
    except bounded.Spent as spent:
        raise ValueError(SPENT) from spent
    if fault := answer.get("fault"):
        raise ValueError(fault)
    return Said(**answer)


def _copy(url: str, key: str, folder: str) -> Said:
    seal.install(bytes.fromhex(key))
    copy = copies_of(url)
    database.initialize(engine(url).reading_database(url, append_only_tables))
    with database.connection_context(), snapshot():
        state = _state_now()  # first: a snapshot begins with what is read
        copy.take(url, Path(folder))
    return state


def _prove(url: str, owner_url: str | None, folder: str, lacking: list[str]) -> Said:
    place = Path(folder)
    seal.install(bytes.fromhex((place / "panel.key").read_text()))
    copy = copies_of(url)
    with copy.scratch(place, url, owner_url) as opened:
        database.initialize(opened)
        with database.connection_context():
            schema.bring_up(opened, engine(url))
            _refuse(copy.damage(opened))
            return check_restored(place / "files", lacking)


def check_restored(files: Path, lacking: list[str]) -> Said:
    """What the bound database says of itself. ValueError in a sentence if history, numbers or files are not whole."""
    state = _state_now()
    _refuse(next(iter(verified()[1]), "") or registerbook.verify())
    gone = (path for path in state.paths if path not in lacking and not is_sound(files / path))
    _refuse(next((FILE_GONE.format(path) for path in gone), ""))
    return state


def _refuse(sentence: str) -> None:
    if sentence:
        raise ValueError(sentence)


def _state_now() -> Said:
    entries = database.execute_sql('SELECT count(*) FROM "event"').fetchone()[0]
    migrations = sorted(schema.applied_migrations(database))
    return Said(digest.digest(), digest.shape(), int(entries), migrations, named_paths())


ACTS: dict[str, Callable[..., Said]] = {"copy": _copy, "prove": _prove}


def _end_with(parent: int) -> None:
    """Whoever asked has gone: nobody waits for the answer."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    """One request on standard input, one answer on standard output."""
    os.nice(10)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    act, request = json.load(sys.stdin)
    try:
        answer = asdict(ACTS[act](**request))
    except ValueError as fault:
        answer = {"fault": str(fault)}
    except Exception as broken:  # the database away, the disk full: whoever asked tells it, and does not know our words
        answer = {"fault": f"{SPENT} ({why(broken)})"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
