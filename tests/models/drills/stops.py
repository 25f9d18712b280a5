"""One statement of a use case, or one step of storing a file, fails just before or just after it is done."""

import os
import shutil
import signal
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from peewee import sqlite3

from models import digest
from models.operations.stored_files import ORPHAN, file_faults
from models.store import files, master_cache
from models.store.base import all_models, database
from tests import postgres
from tests.office import copied, dropped

Chosen = Callable[
    ["Stops"], Iterable[tuple[int, bool]]
]  # of an undisturbed run: which fails, and whether once it is done
StandingOf = Callable[[], object]


class Stopped(RuntimeError):
    """What no code of the panel expects."""


def fail() -> None:
    raise Stopped


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Stops:
    """The statements begun so far, BEGIN and COMMIT included, and the steps in which files are stored and deleted; with
    the fatal one it ends."""

    fatal: int = 0
    late: bool = False
    end: Callable[[], None] = fail
    begun: int = 0
    words: list[str] = field(default_factory=list)  # how each began; of a file what is done with it

    def run(self, statement: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return self.step(str(arguments[0])[:6], statement, *arguments, **named)

    def step(self, word: str, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.begun += 1
        self.words.append(word)
        is_fatal = self.begun == self.fatal
        if is_fatal and not self.late:
            self.end()
        answer = act(*arguments, **named)
        if is_fatal:
            self.end()
        return answer


class WatchedCursor:
    """A cursor whose statements are counted."""

    def __init__(self, cursor: Any, stops: Stops) -> None:
        self.cursor, self.stops = cursor, stops

    def execute(self, *arguments: Any, **named: Any) -> Any:
        return self.stops.run(self.cursor.execute, *arguments, **named)

    def executemany(self, *arguments: Any, **named: Any) -> Any:
        return self.stops.run(self.cursor.executemany, *arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cursor)


def watch(on: Any, stops: Stops) -> None:
    """From now on this database's statements are counted."""
    cursor = on.cursor
    on.cursor = lambda *arguments, **named: WatchedCursor(cursor(*arguments, **named), stops)


class WatchedDisk:
    """The file system of stored files, whose steps are counted."""

    def __init__(self, stops: Stops) -> None:
        self.disk, self.stops = files._disk(), stops

    def open(self, path: str, mode: str) -> Any:
        return self.stops.step("file: open", self.disk.open, path, mode) if "w" in mode else self.disk.open(path, mode)

    def mv(self, old: str, new: str) -> None:
        self.stops.step("file: rename", self.disk.mv, old, new)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.disk, name)


@contextmanager
def watched(stops: Stops) -> Iterator[None]:
    """For as long as this lasts, statements and the steps in which files are stored and deleted."""
    on, disk = database.obj, WatchedDisk(stops)
    watch(on, stops)
    with (
        patch.object(files, "_disk", lambda: disk),
        patch.object(files, "settle", partial(stops.step, "file: sync", files.settle)),
        patch.object(files, "delete", partial(stops.step, "file: delete", files.delete)),
    ):
        try:
            yield
        finally:
            del on.cursor


def every(whole: Stops) -> Iterator[tuple[int, bool]]:
    """Before and after each."""
    return ((number, late) for number in range(1, whole.begun + 1) for late in (False, True))


def every_written(whole: Stops) -> Iterator[tuple[int, bool]]:
    """Before and after each from the first BEGIN to the last COMMIT: what only reads before is none's loss."""
    begun = [word.strip() for word in whole.words].index("BEGIN") + 1
    ended = whole.begun - whole.words[::-1].index("COMMIT")
    return ((number, late) for number in range(begun, ended + 1) for late in (False, True))


def few(whole: Stops) -> Iterator[tuple[int, bool]]:
    """In the middle, and when all has been written and nothing counts yet."""
    last = max(number for number, word in enumerate(whole.words, 1) if not word.startswith("file:"))
    yield from ((whole.begun // 2, True), (last, False))


def lying(left_out: Iterable[str] = ()) -> dict[str, list[str]]:
    """Every row of every table as it lies there; without those of these tables."""
    tables = sorted({model._meta.table_name for model in all_models()} - set(left_out))
    return {table: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"'))) for table in tables}


def counted(left_out: Iterable[str] = ()) -> dict[str, int]:
    """How many rows each table has."""
    return {table: len(rows) for table, rows in lying(left_out).items()}


def standing() -> tuple[str, dict[str, int]]:
    """The digest of all stored data, without what is random in it, and the number of rows."""
    return digest.digest(), counted()


def reconnected() -> None:
    """By a connection of its own: whatever was begun and not ended is taken back."""
    database.close_all()
    database.connect()


class SavedDatabase:
    """A database as it stood, with its stored files, to go back to. The thread is connected to it before and after."""

    def __init__(self, path: Path) -> None:
        self.path, folder = path, path.parent / "saved"
        folder.mkdir(exist_ok=True)
        self.copy, self.files = folder / path.name, path.parent / "files"
        self.files.mkdir(exist_ok=True)
        _copied_files(self.files, folder / "files")
        with _left(path):
            if path.suffix == ".sqlite":
                _poured(path, self.copy)
            else:
                copied(path, folder)

    def bring_back(self) -> None:
        _copied_files(self.copy.parent / "files", self.files)
        with _left(self.path):
            if self.path.suffix == ".sqlite":
                _poured(self.copy, self.path)
                return
            name, copy = map(_name, (self.path, self.copy))
            postgres.server().drop(name)
            postgres.server().create(copy, name)

    def forget(self) -> None:
        dropped(self.copy)
        shutil.rmtree(self.copy.parent)


def _copied_files(source: Path, target: Path) -> None:
    """By hard links: a stored file is never changed in its place."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=os.link)


@contextmanager
def _left(path: Path) -> Iterator[None]:
    """It is not in use meanwhile; on PostgreSQL there is no connection."""
    database.close_all()
    database.close_all()
    if path.suffix != ".sqlite":
        with postgres.server().boss() as boss:
            boss.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (_name(path),)
            )
    yield
    database.connect()


def _poured(source: Path, target: Path) -> None:
    """By SQLite itself, although it may be open elsewhere."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _name(path: Path) -> str:
    return path.read_text().splitlines()[2]


def _cold(act: Callable[[], object]) -> object:
    """With nothing cached of the masters, so that it sends the same statements each time."""
    master_cache._values.clear()
    return act()


def _end_early(stops: Stops, act: Callable[[], object], *, killed: bool) -> None:
    """Do this until it ends at the fatal step: by an exception, or as a process of its own that is killed there."""
    if not killed:
        with watched(stops), suppress(Exception):
            _cold(act)
        assert stops.begun >= stops.fatal
        return
    database.close_all()
    with warnings.catch_warnings(action="ignore"):  # of threads: the child uses none of them
        child = os.fork()
    if not child:
        with suppress(BaseException):
            database.connect()
            stops.end = die
            with watched(stops):
                _cold(act)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def stopped(
    path: Path,
    act: Callable[[], object],
    chosen: Chosen,
    *,
    left_out: Iterable[str] = (),
    says: StandingOf = standing,
    check: Callable[[], None] = lambda: None,
    in_parts: bool = False,
    killed: bool = False,
) -> int:
    """Let `act` fail at the chosen steps: each time all is as before, and then it succeeds, or all is as after it.
    Whichever it is, every row that names a file has it, whole.

    How many stops there were. It has been done at the end. `says` is what is compared once it is done, `check` is asked
    after each stop; tables that are `left_out` may change by the way. What works `in_parts`, a transaction each, goes
    on where it ended. `killed`: it does not fail, it is killed.
    """
    snapshot, before, whole, count = SavedDatabase(path), lying(left_out), Stops(), 0
    _cold(act)  # from now on its queries are built: it sends the same statements each time
    snapshot.bring_back()
    with watched(whole):
        _cold(act)
    after, rows = says(), counted(left_out)
    assert lying(left_out) != before, "nothing was written"
    for fatal, late in chosen(whole):
        snapshot.bring_back()
        _end_early(Stops(fatal, late), act, killed=killed)
        reconnected()
        at = fatal, late, whole.words[fatal - 1]
        assert_files_whole(snapshot.files, at)
        undone = lying(left_out) == before
        if undone or (in_parts and says() != after):
            act()
        other_keys = undone and path.suffix != ".sqlite"  # a server gives no key twice, though its row was taken back
        assert (counted(left_out) == rows) if other_keys else (says() == after), at
        assert_files_whole(snapshot.files, at)
        check()
        count += 1
    snapshot.forget()
    return count


def assert_files_whole(folder: Path, at: object) -> None:
    """What a row names is there and unchanged; what else is there, no row knows of."""
    faults = [fault for fault in file_faults(folder) if fault.fault != ORPHAN]
    assert not faults, (at, faults)
