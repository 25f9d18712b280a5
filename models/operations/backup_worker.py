"""The backup worker process: copies the database and verifies the copy at low priority, outside the panel's memory."""

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
from models.operations.stored_files import is_intact, referenced_paths
from models.reading import registerbook
from models.store import resource_limits, seal
from models.store.base import append_only_tables, database, engine, snapshot
from models.store.keys import PANEL, key_in
from models.store.outage import why
from models.store.resource_limits import Work
from models.workflow.proof import verified

COPIES: dict[str, ModuleType] = {"sqlite": sqlite_copy, "postgresql": postgres_copy}
LONGEST = 6 * 3600.0  # timeout in seconds of a copy or a verification
SAME = "Isi yang dipulihkan dari cadangan tidak sama dengan isi panel saat disalin."
FILE_GONE = "Berkas {} tidak ada di dalam cadangan atau isinya berubah."
SPENT = "Proses penyalin berhenti sebelum selesai."


@dataclass(frozen=True)
class DatabaseState:
    """The state of a database at one moment, by which a copy is compared with its source."""

    digest: str
    shape: str
    entries: int
    migrations: list[str]
    paths: list[str]


def copier_of(url: str) -> ModuleType:
    """The module that copies this kind of database."""
    return COPIES[engine(url).NAME]


def copy_database(url: str, key: bytes, folder: Path) -> DatabaseState:
    """Copy the database into a folder; its state in the copied snapshot. ValueError with a sentence."""
    return _run_worker("copy", url=url, key=key.hex(), folder=str(folder))


def verify_copy(folder: Path, url: str, owner_url: str | None, lacking: list[str]) -> DatabaseState:
    """Restore the copy into a scratch database, check it there and drop it; its state. ValueError with a sentence."""
    return _run_worker("prove", url=url, owner_url=owner_url, folder=str(folder), lacking=lacking)


def _run_worker(act: str, **request: object) -> DatabaseState:
    try:
        asked = json.dumps([act, request]).encode()
        answer = json.loads(resource_limits.answer(__name__, asked, seconds=LONGEST, work=Work.COPY))
    except resource_limits.ChildFailed as spent:
        raise ValueError(SPENT) from spent
    if fault := answer.get("fault"):
        raise ValueError(fault)
    return DatabaseState(**answer)


def _copy(url: str, key: str, folder: str) -> DatabaseState:
    seal.install(bytes.fromhex(key))
    copy = copier_of(url)
    database.initialize(engine(url).reading_database(url, append_only_tables))
    with database.connection_context(), snapshot():
        state = _state_now()  # before the copy: the snapshot begins with the first read
        copy.take(url, Path(folder))
    return state


def _prove(url: str, owner_url: str | None, folder: str, lacking: list[str]) -> DatabaseState:
    place = Path(folder)
    seal.install(key_in(place / PANEL))
    copy = copier_of(url)
    with copy.scratch(place, url, owner_url) as opened:
        database.initialize(opened)
        with database.connection_context():
            schema.bring_up(opened, engine(url))
            _refuse(copy.damage(opened))
            return check_restored(place / "files", lacking)


def check_restored(files: Path, lacking: list[str]) -> DatabaseState:
    """The state of the bound database. ValueError with a sentence if its history, numbers or files are damaged."""
    state = _state_now()
    _refuse(next(iter(verified()[1]), "") or registerbook.verify())
    gone = (path for path in state.paths if path not in lacking and not is_intact(files / path))
    _refuse(next((FILE_GONE.format(path) for path in gone), ""))
    return state


def _refuse(sentence: str) -> None:
    if sentence:
        raise ValueError(sentence)


def _state_now() -> DatabaseState:
    entries = database.execute_sql('SELECT count(*) FROM "event"').fetchone()[0]
    migrations = sorted(schema.applied_migrations(database))
    return DatabaseState(digest.digest(), digest.shape(), int(entries), migrations, referenced_paths())


ACTS: dict[str, Callable[..., DatabaseState]] = {"copy": _copy, "prove": _prove}


def _exit_with(parent: int) -> None:
    """Exit once the parent process is gone: its answer would not be read."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    """Read one JSON request from standard input and write one JSON answer to standard output."""
    os.nice(10)
    threading.Thread(target=_exit_with, args=(os.getppid(),), daemon=True).start()
    act, request = json.load(sys.stdin)
    try:
        answer = asdict(ACTS[act](**request))
    except ValueError as fault:
        answer = {"fault": str(fault)}
    except Exception as broken:  # such as a lost connection or a full disk: the parent only relays sentences
        answer = {"fault": f"{SPENT} ({why(broken)})"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
