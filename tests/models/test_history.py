"""The history is append-only in the database itself, and whatever is changed behind its back is found and named."""

import random
import re

import peewee as pw
import pytest
from peewee import sqlite3

from models import event, seal, tables
from models.base import PRAGMAS, all_models, database
from models.complaint import Attachment
from models.event import Chain, Event
from models.paper import Paper, PaperVoid, Print, PrintFailure
from models.records import RECORDS
from sop import flow
from tests.office import Office, copied, opened

TAMPERS = 500
FROZEN = sorted(m._meta.table_name for m in all_models() if m.append_only)
FINAL = sorted(m._meta.table_name for m in RECORDS.values())


@pytest.fixture
def worked(office):
    """An office with complaints in many states: a history to tamper with."""
    for state, _ in flow.states():
        [case] = office.receive()
        office.bring([case], state)
    event.append([{"at": office.at, "user": office["admin"].id, "who": "Yusuf", "act": "edit", "subject": "user:1",
                   "body": {"touched": ["name"]}}, {"at": office.at, "who": "panel", "act": "mulai"}], {})  # fmt: skip
    return office


WAYS = [
    # ways round an append-only table, through the app's own connection
    'UPDATE "{table}" SET "{column}" = "{column}"',
    'UPDATE "{table}" SET "{column}" = NULL WHERE "{key}" = 1',
    'UPDATE OR REPLACE "{table}" SET "{key}" = "{key}" + 1',
    'DELETE FROM "{table}"',
    'DELETE FROM "{table}" WHERE "{key}" = (SELECT MAX("{key}") FROM "{table}")',
    'WITH old AS (SELECT 1) DELETE FROM "{table}"',
    'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"',
    'REPLACE INTO "{table}" SELECT * FROM "{table}"',
    'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE true ON CONFLICT DO UPDATE SET "{column}" = excluded."{column}"',
    'TRUNCATE TABLE "{table}"',
    'DROP TABLE "{table}"',
    'DROP TRIGGER "guard_{table}_update"',
    'DROP TRIGGER "guard_{table}_delete"',
    'ALTER TABLE "{table}" RENAME TO "gone"',
    'ALTER TABLE "{table}" DROP COLUMN "{column}"',
    'ALTER TABLE "{table}" ADD COLUMN "more" TEXT',
    'CREATE TRIGGER "mine" BEFORE INSERT ON "{table}" BEGIN SELECT RAISE(IGNORE); END',
    'CREATE TEMP TRIGGER "mine" BEFORE INSERT ON "{table}" BEGIN SELECT RAISE(IGNORE); END',
    'CREATE TEMP TABLE "{table}" AS SELECT * FROM "{table}"',
    'CREATE TEMP VIEW "{table}" AS SELECT 1',
    "CREATE TABLE \"mine\" (\"a\")",
    'CREATE INDEX "mine" ON "{table}" ("{column}")',
    "DELETE FROM sqlite_master",
    "UPDATE sqlite_master SET sql = ''",
    "PRAGMA writable_schema = 1",
    "PRAGMA recursive_triggers = 0",
    "PRAGMA foreign_keys = 0",
    "PRAGMA trusted_schema = 1",
    "PRAGMA journal_mode = delete",
    "PRAGMA ignore_check_constraints = 1",
    "ATTACH DATABASE ':memory:' AS other",
    "VACUUM INTO '{path}.copy'",
    "SELECT load_extension('x')",
]  # fmt: skip


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("way", WAYS)
def test_no_way_round_an_append_only_table_through_the_apps_connection(worked_once, table, way):
    office, before = worked_once
    model = next(m for m in all_models() if m._meta.table_name == table)
    key = model._meta.primary_key.column_name
    column = next(f.column_name for f in model._meta.sorted_fields if f.column_name != key)
    with pytest.raises(pw.DatabaseError), database.atomic():
        database.execute_sql(way.format(table=table, key=key, column=column, path=office.path)).fetchall()
    assert event.verify() == before[:2]


@pytest.fixture(scope="module")
def worked_once(template, tmp_path_factory):
    """One worked office for all the ways; every table of the history has a row."""
    path = copied(template, tmp_path_factory.mktemp("worked"))
    with opened(path):
        office = Office.at_work(path)
        cases = office.receive(2)
        office.bring(cases[:1], "dispose")
        office.do(cases[:1], "recall")
        office.do(cases[:1], "void")
        paper = Paper.select().where(Paper.id.not_in(PaperVoid.select(PaperVoid.paper))).first()
        PrintFailure.create(paper=paper, reason="x", at=office.at)
        Print.create(paper=paper, sha256="0" * 64, path="x", size=1, pages=1, printed_at=office.at)
        Attachment.create(complaint=cases[0], name="x", kind="x", size=1, sha256="0" * 64, path="x",
                          added_by=office["petugas"], added_at=office.at)  # fmt: skip
        office.bring(cases[1:], "submit")
        office.do(cases[1:], "submit")
        office.do(cases[1:], "recall")
        office.bring(cases[1:], "deliver")
        office.do(cases[1:], "recall")
        empty = [m._meta.table_name for m in all_models() if m.append_only and not m.select().exists()]
        assert empty == []
        yield office, (*event.verify(), office.digest())


def test_after_all_that_nothing_has_changed(worked_once):
    office, before = worked_once
    assert (*event.verify(), office.digest()) == before


@pytest.mark.parametrize("table", FINAL)
@pytest.mark.parametrize("way", ['UPDATE "{t}" SET "draft" = 1', 'UPDATE "{t}" SET "made_by_id" = 1', 'DELETE FROM "{t}"',
                                 'REPLACE INTO "{t}" SELECT * FROM "{t}"', 'DROP TRIGGER "guard_{t}_update"',
                                 'UPDATE "{t}" SET "recalled" = 1, "round" = 9'])  # fmt: skip
def test_a_final_record_changes_in_nothing_but_its_recall(template, tmp_path, table, way):
    path = copied(template, tmp_path)
    key = next(k for k, m in RECORDS.items() if m._meta.table_name == table)
    step = next(t for t in flow.TRANSITIONS.values() if t.record == key)
    with opened(path):
        office = Office.at_work(path)
        office.receive()
        [case] = office.receive(category="odgj", emergency=True)
        office.bring([case], next(s for s, _ in flow.states() if s in flow.starts(step)))
        office.do([case], step.key)
        before = office.digest()
        with pytest.raises(pw.DatabaseError), database.atomic():
            database.execute_sql(way.format(t=table))
        assert office.digest() == before


def test_the_history_of_a_worked_office_is_whole(worked):
    count, sentence = event.verify()
    assert (count, sentence) == (Event.select().count(), "")


@pytest.fixture
def unguarded(worked):
    """The models on a raw connection of somebody who has the file: no authorizer, no triggers."""
    database.close()
    raw = pw.SqliteDatabase(worked.path, pragmas=PRAGMAS)
    database.initialize(raw)
    raw.connect()
    for (name,) in raw.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute_sql(f'DROP TRIGGER "{name}"')
    yield worked
    raw.close()


def tampers(chance: random.Random, count: int) -> list[tuple[str, list, int]]:
    """Random changes behind the history's back: SQL, its values, and the entry that must be named."""
    last = Event.select().count()
    columns = [f.column_name for f in Event._meta.sorted_fields if f.name != "id"]
    found = []
    while len(found) < count:
        row, other = chance.randrange(1, last + 1), chance.randrange(1, last)
        column, kind = chance.choice(columns), chance.randrange(10)
        if kind == 0:
            found.append(("DELETE FROM event WHERE id = ?", [row], row))
        elif kind == 1:
            found.append(("UPDATE event SET id = id + 1000 WHERE id = ?", [row], row))
        elif kind == 2:
            copy = 'INSERT INTO event SELECT {} FROM event WHERE id = ?'.format(
                ", ".join([str(last + 1), *(f'"{c}"' for c in columns)]))  # fmt: skip
            found.append((copy, [row], last + 1))
        elif kind == 3 and other != row:
            swap = f"""UPDATE event SET "{column}" = (SELECT o."{column}" FROM event o WHERE o.id = ?) WHERE id = ?"""
            if differs(column, row, other):
                found.append((swap, [other, row], row))
        else:
            value = changed(chance, column, row)
            found.append((f'UPDATE event SET "{column}" = ? WHERE id = ?', [value, row], row))
    return found


def raw_value(column: str, row: int):
    return database.execute_sql(f'SELECT "{column}" FROM event WHERE id = ?', (row,)).fetchone()[0]


def differs(column: str, row: int, other: int) -> bool:
    return raw_value(column, row) != raw_value(column, other)


def changed(chance: random.Random, column: str, row: int):
    """Another value of the same kind: a flipped bit, a later moment, another number, other words."""
    value = raw_value(column, row)
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
    if isinstance(value, int):
        return value + chance.choice([-1, 1])
    if value is None:
        return b"" if column == "body" else 1
    if column == "at":
        return re.sub(r"\d$", lambda m: str((int(m[0]) + 1) % 10), str(value))
    return chance.choice([value + " ", value.upper() + "!", "x" + value])


def test_500_of_500_random_tampers_are_found_and_the_row_is_named(unguarded):
    missed = []
    database.execute_sql("PRAGMA foreign_keys = 0")
    for sql, values, row in tampers(random.Random(2026), TAMPERS):
        with database.atomic() as transaction:
            database.execute_sql(sql, values)
            _, sentence = event.verify()
            if not re.fullmatch(rf"Catatan riwayat nomor {row} (hilang|telah berubah)\.", sentence):
                missed.append((sql, values, sentence))
            transaction.rollback()
    assert missed == []
    assert event.verify()[1] == ""


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("DELETE FROM chain", "Penutup riwayat hilang."),
        ("UPDATE chain SET mac = zeroblob(32)", "Penutup riwayat telah berubah."),
        ("UPDATE chain SET own = zeroblob(32)", "Penutup riwayat telah berubah."),
        ("UPDATE chain SET last = last - 1", "Penutup riwayat telah berubah."),
        ("UPDATE chain SET last = last + 1", "hilang."),
        ("DELETE FROM event", "Catatan riwayat nomor 1 hilang."),
    ],
)
def test_a_changed_end_of_the_history_is_found(unguarded, sql, sentence):
    database.execute_sql("PRAGMA foreign_keys = 0")
    database.execute_sql(sql)
    assert event.verify()[1].endswith(sentence)


def test_a_history_that_is_gone_altogether_is_missed(unguarded):
    database.execute_sql("PRAGMA foreign_keys = 0")
    database.execute_sql("DELETE FROM event")
    database.execute_sql("DELETE FROM chain")
    assert event.verify() == (0, "Catatan riwayat nomor 1 hilang.")


def test_under_another_key_the_history_does_not_hold(worked):
    seal.install(bytes(32))
    assert event.verify() == (0, "Catatan riwayat nomor 1 telah berubah.")


def test_an_empty_office_has_an_empty_and_whole_history(office):
    assert event.verify() == (0, "")
    assert not Chain.select().exists()


def test_every_append_only_table_has_its_triggers(office):
    raw = sqlite3.connect(office.path)
    names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    raw.close()
    wanted = {name for model in all_models() for name, _ in tables.guards(model)}
    assert names == wanted
    assert {f"guard_{table}_{act}" for table in (*FROZEN, *FINAL) for act in ("update", "delete")} == wanted
