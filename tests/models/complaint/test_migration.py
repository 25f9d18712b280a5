"""Databases from before the blind index had a table: each person is found after the migration, killed or not."""

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from models import schema as tables
from models.complaint.complaint import BlindIndex, CaseKey, Complaint, Person
from models.complaint.event import open_seals
from models.complaint.lookup import KINDS, find, marks_of
from models.complaint.scope import viewer, visible
from models.store import seal
from models.store.base import engine as engine_of
from tests.corpus.kept import BEFORE_MARKS, handed
from tests.models.behind import schema
from tests.office import KEY, Office, dropped, opened, owner_url_of, url_of

NAME = "0008_blind_index"
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def old(engine: str, tmp_path: Path) -> Any:
    """An office of an earlier version, whose persons have no marks yet."""
    path = handed(BEFORE_MARKS[-1], engine, tmp_path)
    assert {"nik_index", "phone_index"} <= schema(path)["person"]
    yield path
    dropped(path)


@pytest.fixture(autouse=True)
def own_key() -> None:
    seal.install(KEY)


def prepare(path: Path) -> list[str]:
    return tables.prepare(url_of(path), owner_url=owner_url_of(path))


def migrate(path: Path, fatal: int, said: Any) -> None:
    """Bring the database to the present; killed where its statement of this number begins."""
    real, begun = pw.Database.cursor, [0]

    def counted(self: pw.Database, *args: Any, **more: Any) -> Any:
        begun[0] += 1
        if begun[0] == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *args, **more)

    pw.Database.cursor = counted  # in this process alone
    prepare(path)
    said.send(begun[0])


def statements(path: Path, fatal: int = 0) -> int | None:
    """How many statements a whole migration takes in a process of its own; None if that was killed."""
    heard, other = FORK.Pipe(duplex=False)
    child = FORK.Process(target=migrate, args=(path, fatal, other), daemon=True)
    child.start()
    other.close()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return heard.recv() if child.exitcode == 0 else None


def state_of(path: Path) -> tuple[bool, bool, bool]:
    """Whether the old columns are there, whether the new table is, and whether the migration counts as done."""
    there = schema(path)
    owner = engine_of(url_of(path)).owner_database(owner_url_of(path) or url_of(path))
    with owner.connection_context():
        done = NAME in tables.applied_migrations(owner) if "migration" in there else False
    return "nik_index" in there["person"], "blind_index" in there, done


OLD, NEW = (True, False, False), (False, True, True)


def unfound(path: Path) -> list[str]:
    """The persons in the database whom a user who reads all cases does not find by each of their numbers."""
    lost = []
    with opened(path):
        office = Office.at_work(path)
        readers = [viewer(user) for user in office.people.values()]
        for one in Person.select():
            own = open_seals([one.complaint_id])[one.complaint_id]
            texts = {n: own.open_text(f"{one.kind}.{n}", getattr(one, n)) for k in KINDS.values() for n in k.columns}
            stored = BlindIndex.select().where((BlindIndex.case == one.complaint_id) & (BlindIndex.person == one.kind))
            if {(row.kind, bytes(row.mark)) for row in stored} != set(marks_of(texts)):
                lost.append(f"{one.complaint_id} {one.kind}")
        found = set()
        for who in readers:
            for case, phone in phones():
                hits = find(phone, who)
                readable = visible(who.user, Complaint).where(Complaint.id == case).exists()
                found |= {case} if hits and readable and case in hits.among([case]) else set()
        assert found
        lost += [str(case) for case, _ in phones() if case not in found]
    return lost


def phones() -> list[tuple[int, str]]:
    """Each case's first number, as it was typed."""
    numbers = []
    for one in Person.select().where(Person.phone.is_null(False)):
        own = open_seals([one.complaint_id])[one.complaint_id]
        numbers.append((one.complaint_id, own.open_text(f"{one.kind}.phone", one.phone)))
    return numbers[:5]


@pytest.mark.parametrize("version", BEFORE_MARKS)
def test_a_database_of_every_released_version_finds_all_its_persons(version: str, engine: str, tmp_path: Path) -> None:
    path = handed(version, engine, tmp_path)
    assert NAME in prepare(path)
    assert state_of(path) == NEW
    assert unfound(path) == []
    assert prepare(path) == []
    dropped(path)


def test_a_migrated_database_has_the_tables_and_indexes_of_a_new_one(old: Path, template: Path) -> None:
    prepare(old)
    migrated, new = schema(old), schema(template)
    assert {table: migrated[table] for table in ("blind_index", "person", "reading")} == {
        table: new[table] for table in ("blind_index", "person", "reading")
    }
    assert {name for name in migrated[""] ^ new[""] if name.startswith(("blind", "person", "reading"))} == set()


def test_its_marks_go_with_the_cases_key_as_in_a_new_database(old: Path) -> None:
    prepare(old)
    with opened(old):
        case = BlindIndex.select().first().complaint_id
        CaseKey.delete().where(CaseKey.complaint == case).execute()
        assert not BlindIndex.select().where(BlindIndex.case == case).exists()
        assert BlindIndex.select().exists()


@pytest.mark.nightly(engine=["postgresql"])
def test_a_migration_killed_anywhere_leaves_the_old_or_the_new(engine: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    path = handed(BEFORE_MARKS[-1], engine, whole)
    total = statements(path)
    dropped(path)
    assert total
    seen = set()
    for place, fatal in enumerate(range(2, total, max(1, total // 12))):
        folder = tmp_path / str(place)
        folder.mkdir()
        path = handed(BEFORE_MARKS[-1], engine, folder)
        assert statements(path, fatal) is None
        left = state_of(path)
        assert left in (OLD, NEW)
        seen.add(left)
        prepare(path)
        assert state_of(path) == NEW
        dropped(path)
    assert seen == {OLD, NEW}


def test_persons_are_migrated_in_portions_without_omissions(
    old: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (tables.FOLDER / f"{NAME}.py").read_text().replace("PORTION = 1_000", "PORTION = 2")
    assert "PORTION = 2" in text
    folder = tmp_path / "migrations"
    folder.mkdir()
    for file in tables.FOLDER.glob("[0-9]*"):
        (folder / file.name).write_text(text if file.stem == NAME else file.read_text())
    tables.prepare(url_of(old), folder, owner_url=owner_url_of(old))
    assert unfound(old) == []


def test_with_another_panels_key_nothing_is_migrated(old: Path) -> None:
    seal.install(bytes(32))
    try:
        with pytest.raises(ValueError, match="Data tersegel tidak dapat dibuka"):
            prepare(old)
    finally:
        seal.install(KEY)
    assert state_of(old) == OLD
    prepare(old)
    assert state_of(old) == NEW
