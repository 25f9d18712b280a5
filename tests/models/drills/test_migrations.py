"""Kill -9 while a landed version is brought to the present: afterwards old or new, and going on leads to the same."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from models import digest, schema
from models.complaint import event
from models.reading import registerbook
from models.store import seal
from models.store.base import all_models, database, engine
from models.workflow import moves
from models.workflow.proof import prove_existing_rows, verified
from tests.corpus.kept import VERSIONS, handed
from tests.models.behind import schema as schema_of
from tests.models.drills.stops import Stops, watch
from tests.models.drills.test_kill import settled, sound
from tests.office import KEY, copied, dropped, opened, outside, owner_url_of, url_of
from tests.patience import LONGEST

FORK = multiprocessing.get_context("forkserver")  # its children come up in milliseconds
FORK.set_forkserver_preload([__name__])
BY_DAY = 6  # kills


def present(path: Path, stops: Stops) -> list[str]:
    """Bring an office to the present as a start does, its statements counted; the migrations applied."""
    applied = prepared(path, stops)
    with opened(path) as connection:
        watch(connection, stops)
        moves.count_minutes()
        prove_existing_rows()
    return applied


def prepared(path: Path, stops: Stops) -> list[str]:
    """Its tables alone."""
    seal.install(KEY)
    kind = engine(url_of(path))
    build = kind.owner_database
    try:
        kind.owner_database = lambda url: _counted(build(url), stops)  # type: ignore[attr-defined]
        return schema.prepare(url_of(path), owner_url=owner_url_of(path))
    finally:
        kind.owner_database = build  # type: ignore[attr-defined]


def _counted(made: Any, stops: Stops) -> Any:
    if isinstance(made, pw.SqliteDatabase):
        made.timeout = LONGEST  # the second one waits, on however busy a machine
    watch(made, stops)
    return made


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(path: Path, fatal: int, *, late: bool) -> None:
    """A process that brings the office to the present and is killed in this statement."""
    child = FORK.Process(target=present, args=(path, Stops(fatal, late, die)))
    child.start()
    child.join(LONGEST)
    assert child.exitcode == -signal.SIGKILL
    settled(path)


@dataclass(frozen=True)
class Standing:
    """What a database is once it has been brought to the present."""

    shape: dict[str, set[str]]  # tables with their columns; triggers and indexes
    digest: str
    counts: dict[str, int]  # rows by table
    entries: int  # of the history
    migrations: list[str]

    @classmethod
    def of(cls, path: Path) -> "Standing":
        with outside(path) as raw:
            names = [name for (name,) in raw.execute('SELECT "name" FROM "migration"').fetchall()]
        with opened(path):
            tables = [model._meta.table_name for model in all_models()]
            counts = {t: database.execute_sql(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables}
            entries, broken = event.verify()
            assert (broken, verified()[1], registerbook.verify()) == ("", [], "")
            return cls(schema_of(path), digest.digest(), counts, entries, sorted(names))


@dataclass(frozen=True)
class Undisturbed:
    """A landed version as it was stored, its state after an undisturbed start, and how many statements that takes."""

    landed: Path
    end: Standing
    applied: list[str]
    statements: int


@pytest.fixture(scope="module")
def undisturbed(version: str, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    landed = handed(version, engine, tmp_path_factory.mktemp(version))
    path, stops = own(landed, tmp_path_factory.mktemp("whole")), Stops()
    applied = present(path, stops)
    yield Undisturbed(landed, Standing.of(path), applied, stops.begun)
    dropped(path)
    dropped(landed)


def own(landed: Path, folder: Path) -> Path:
    """A copy of the stored office, with its files, in a folder of its own."""
    shutil.copytree(landed.parent / "files", folder / "files")
    return copied(landed, folder)


def drill(whole: Undisturbed, folder: Path, fatal: int, *, late: bool) -> bool:
    """One kill; whether any migration had come to its end by then."""
    folder.mkdir()
    path = own(whole.landed, folder)
    killed(path, fatal, late=late)
    sound(path)
    if owner_url_of(path):
        _rewind(path)
    left = present(path, Stops())
    done = len(whole.applied) - len(left)
    assert left == whole.applied[done:]
    assert Standing.of(path) == whole.end, (fatal, late)
    dropped(path)
    shutil.rmtree(folder)
    return done > 0


def _rewind(path: Path) -> None:
    """What a transaction that was killed has taken of the server's counters is not given again. That rows get other
    keys by it is no difference that anybody sees."""
    with outside(path) as raw:
        counted = """SELECT table_name FROM information_schema.columns
            WHERE table_schema = 'public' AND column_name = 'id' AND column_default LIKE 'nextval%'"""
        for (table,) in raw.execute(counted).fetchall():
            counter = f"""pg_get_serial_sequence('"{table}"', 'id')"""
            raw.execute(f"""SELECT setval({counter}, (SELECT COALESCE(MAX("id"), 0) + 1 FROM "{table}"), false)""")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("version", VERSIONS[:1], scope="module")
def test_killed_here_and_there_an_old_office_comes_to_the_present_all_the_same(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    step = undisturbed.statements // BY_DAY
    done = [drill(undisturbed, tmp_path / f"{n}", 1 + n * step, late=bool(n % 2)) for n in range(BY_DAY)]
    assert set(done) == {False, True}


@pytest.mark.soak
@pytest.mark.parametrize("version", VERSIONS, scope="module")
def test_killed_in_any_statement_every_version_comes_to_the_present_all_the_same(
    undisturbed: Undisturbed, tmp_path: Path, engine: str
) -> None:
    """Each statement on SQLite, before it and after it by turns; each seventh where the server has transactions."""
    chosen = range(1, undisturbed.statements + 1, 1 if engine == "sqlite" else 7)
    done = [drill(undisturbed, tmp_path / f"{n}", n, late=bool(n % 2)) for n in chosen]
    print(f"{undisturbed.landed.parent.name}: {len(done)} stops")
    assert set(done) == ({False, True} if undisturbed.applied else {False})  # nothing waits for the present version


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("version", VERSIONS[:1], scope="module")
def test_two_that_start_at_once_migrate_once(undisturbed: Undisturbed, tmp_path: Path) -> None:
    path = own(undisturbed.landed, tmp_path)
    both = [FORK.Process(target=prepared, args=(path, Stops())) for _ in range(2)]
    for child in both:
        child.start()
    for child in both:
        child.join(LONGEST)
    assert [child.exitcode for child in both] == [0, 0]
    assert present(path, Stops()) == []
    assert Standing.of(path) == undisturbed.end
