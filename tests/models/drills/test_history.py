"""On SQLite the history cannot be rewritten through the panel; whatever is changed behind its back is found and named.

The same on PostgreSQL: test_drill_history_postgres.py.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee as pw
import pytest
from peewee import sqlite3

from models.complaint import event
from models.complaint.accesslog import IdSpans
from models.complaint.paper import Paper, content_of
from models.records.registry import RECORDS
from models.store import base, sqlite
from models.store.base import all_models, database
from models.store.seal import BrokenSeal
from sop.vocabulary import CLOSED, vocabulary
from tests.models.behind import Tamper, cut, insert, missed, remove, renumber
from tests.office import Office, copied, opened, sample

pytestmark = pytest.mark.only("sqlite")
TAMPERS = 500
APPEND_ONLY = sorted((m for m in all_models() if m.append_only), key=lambda m: m._meta.table_name)
TABLES = [m._meta.table_name for m in APPEND_ONLY]


def rows_of(model: type[base.Model]) -> list[tuple[Any, ...]]:
    """The rows as they lie there, bytes and all."""
    key = ", ".join(f'"{field.column_name}"' for field in model._meta.get_primary_keys())
    return list(database.execute_sql(f'SELECT * FROM "{model._meta.table_name}" ORDER BY {key}'))


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    return {m._meta.table_name: rows_of(m) for m in all_models()}


def schema() -> list[tuple[Any, ...]]:
    return list(database.execute_sql("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"))


def settings_of_connection() -> list[Any]:
    names = (
        "writable_schema",
        "recursive_triggers",
        "ignore_check_constraints",
        "foreign_keys",
        "trusted_schema",
        "defer_foreign_keys",
        "journal_mode",
        "synchronous",
        "user_version",
    )
    raw = database.connection()
    raw.set_authorizer(None)
    try:
        return [raw.execute(f"PRAGMA {name}").fetchall() for name in names]
    finally:
        raw.set_authorizer(sqlite.authorizer(base.append_only_tables()))


def with_a_row(office, model: type[base.Model]) -> None:
    """Fill a table that ordinary work has left empty with a row that fits."""
    if model.select().exists():
        return
    values = {}
    for field in model._meta.sorted_fields:
        if isinstance(field, pw.ForeignKeyField) and field.rel_model is model:
            values[field.column_name] = None  # the first has none before it
        elif isinstance(field, pw.ForeignKeyField):
            with_a_row(office, field.rel_model)
            values[field.column_name] = (
                field.rel_model.select().order_by(field.rel_model._meta.primary_key).first().get_id()
            )
        elif isinstance(field, pw.DateTimeField):
            values[field.column_name] = office.at
        elif not isinstance(field, pw.AutoField):
            values[field.column_name] = sample(field, at=office.at) if isinstance(field, pw.DateField) else plain(field)
    model.insert({model._meta.columns[name]: value for name, value in values.items()}).execute()


def plain(field: pw.Field) -> Any:
    if isinstance(field, IdSpans):
        return [1]
    return 1 if isinstance(field, pw.IntegerField) else b"x" if isinstance(field, pw.BlobField) else "x"


@pytest.fixture
def worked(office):
    """An office in which a case is finished and another one on its way, and every append-only table has rows."""
    done, under_way = office.receive(2)
    office.bring([done], CLOSED)
    office.bring([under_way], "approve")
    for model in APPEND_ONLY:
        with_a_row(office, model)
    return office


def attacks(table: str) -> Iterator[str]:
    """Statements that would rewrite, empty, replace or unguard a table."""
    names = [row[1] for row in raw_columns(table)]
    key, other = names[0], names[-1]
    columns = ", ".join(f'"{n}"' for n in names)
    yield f'UPDATE "{table}" SET "{other}" = \'x\''
    yield f'UPDATE "{table}" SET "{other}" = "{other}"'
    yield f'UPDATE "{table}" SET rowid = rowid + 1000'
    yield f'UPDATE OR IGNORE "{table}" SET "{other}" = \'x\''
    yield f'UPDATE OR REPLACE "{table}" SET "{key}" = (SELECT max("{key}") FROM "{table}")'
    yield f'UPDATE "{table}" AS t SET "{other}" = s."{other}" FROM "{table}" AS s WHERE t.rowid <> s.rowid'
    yield f'WITH v AS (SELECT rowid FROM "{table}") UPDATE "{table}" SET "{other}" = \'x\' WHERE rowid IN v'
    yield f'DELETE FROM "{table}"'
    yield f'DELETE FROM "{table}" WHERE rowid = (SELECT max(rowid) FROM "{table}")'
    yield f'WITH victim AS (SELECT 1) DELETE FROM "{table}" WHERE 1 IN victim RETURNING *'
    yield f'REPLACE INTO "{table}" SELECT * FROM "{table}"'
    yield f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}" LIMIT 1'
    yield f'INSERT OR REPLACE INTO "{table}" ({columns}) SELECT {columns} FROM "{table}" ORDER BY rowid DESC LIMIT 1'
    yield (
        f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE true '
        f'ON CONFLICT ("{key}") DO UPDATE SET "{other}" = \'x\''
    )
    yield f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE true ON CONFLICT DO UPDATE SET "{other}" = \'x\''
    yield f'DROP TRIGGER "guard_{table}_update"'
    yield f'DROP TRIGGER IF EXISTS "guard_{table}_delete"'
    yield f'DROP TABLE "{table}"'
    yield f'ALTER TABLE "{table}" RENAME TO "gone"'
    yield f'ALTER TABLE "{table}" RENAME COLUMN "{other}" TO "gone"'
    yield f'ALTER TABLE "{table}" DROP COLUMN "{other}"'
    yield f'ALTER TABLE "{table}" ADD COLUMN "more" TEXT'
    yield f'CREATE TRIGGER "mine" AFTER INSERT ON "{table}" BEGIN DELETE FROM "{table}"; END'
    yield f'CREATE TEMP TRIGGER "mine" AFTER UPDATE ON "series" BEGIN DELETE FROM "{table}"; END'
    yield f'CREATE TEMP TABLE "{table}" AS SELECT * FROM "{table}"'
    yield f'CREATE TEMP VIEW "{table}" AS SELECT 1'
    yield f'CREATE VIEW "mine" AS SELECT * FROM "{table}"'
    yield f'CREATE INDEX "mine" ON "{table}" ("{other}")'
    yield f'CREATE TABLE "copy" AS SELECT * FROM "{table}"'
    yield f'ANALYZE "{table}"'
    yield f"UPDATE sqlite_schema SET sql = '' WHERE tbl_name = '{table}'"
    yield f"DELETE FROM sqlite_schema WHERE tbl_name = '{table}'"


ANYWHERE = [
    "PRAGMA writable_schema = 1",
    "PRAGMA writable_schema = RESET",
    "PRAGMA recursive_triggers = 0",
    "PRAGMA ignore_check_constraints = 1",
    "PRAGMA foreign_keys = 0",
    "PRAGMA trusted_schema = 1",
    "PRAGMA defer_foreign_keys = 1",
    "PRAGMA journal_mode = off",
    "PRAGMA synchronous = 0",
    "PRAGMA user_version = 7",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA optimize",
    "ATTACH ':memory:' AS other",
    "DETACH main",
    "VACUUM",
    "INSERT INTO sqlite_schema VALUES ('trigger', 'mine', 'event', 0, 'x')",
    "INSERT INTO sqlite_sequence VALUES ('event', 0)",
    "SELECT load_extension('mine')",
    "CREATE VIRTUAL TABLE mine USING fts5(body)",
    "REINDEX",
    "ANALYZE",
]


def raw_columns(table: str) -> list[tuple[Any, ...]]:
    model = next(m for m in all_models() if m._meta.table_name == table)
    return [(n, f.column_name) for n, f in enumerate(model._meta.sorted_fields)]


def succeeded(statements: list[str]) -> list[str]:
    """Which of the statements were let through; each in a transaction that would be committed."""
    through = []
    for sql in statements:
        try:
            with database.atomic():
                database.execute_sql(sql).fetchall()
        except pw.DatabaseError:
            continue
        through.append(sql)
    return through


def test_every_append_only_table_is_meant(worked):
    assert {"event", "number", "number_void", "paper", "paper_void", "print", "attachment"} <= set(TABLES)
    assert all(rows_of(model) for model in APPEND_ONLY)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_rewrites_an_append_only_table(worked, table):
    before, shape, digest = all_rows(), schema(), worked.digest()
    assert succeeded(list(attacks(table))) == []
    assert (all_rows(), schema(), worked.digest()) == (before, shape, digest)
    assert event.verify()[1] == ""


def test_the_connection_cannot_be_unguarded(worked, tmp_path):
    before, shape, settings = all_rows(), schema(), settings_of_connection()
    file_statements = [
        f"VACUUM INTO '{tmp_path / 'other.sqlite'}'",
        f"ATTACH '{tmp_path / 'other.sqlite'}' AS other",
        f"ATTACH '{worked.path}' AS again",
    ]
    assert succeeded([*ANYWHERE, *file_statements]) == []
    assert outside([*ANYWHERE, *file_statements]) == []
    assert (all_rows(), schema(), settings_of_connection()) == (before, shape, settings)
    names = {path.name for path in tmp_path.iterdir() if not path.name.startswith(worked.path.name)}
    assert names <= {"panel.key"}


def outside(statements: list[str]) -> list[str]:
    """The same outside any transaction, where some of them would only then work."""
    through = []
    for sql in statements:
        try:
            database.execute_sql(sql).fetchall()
        except pw.DatabaseError:
            continue
        through.append(sql)
    return through


@pytest.mark.parametrize("model", RECORDS.values(), ids=list(RECORDS))
def test_a_final_record_takes_nothing_but_its_recall(worked, model):
    table = model._meta.table_name
    with database.atomic():
        one = final(worked, model)
    before = rows_of(model)
    names = [f.column_name for f in model._meta.sorted_fields]
    changes = [
        f'UPDATE "{table}" SET "{name}" = {value} WHERE id = {one}'
        for name in names
        for value in ("'9'", "x'39'", "NULL", "7")
        if name != "recalled" and not (name == "id" and value in ("NULL", "'9'", "x'39'"))
    ]
    changes += [f'UPDATE "{table}" SET "recalled" = {value} WHERE id = {one}' for value in ("0", "2", "NULL", "'x'")]
    changes += [
        f'UPDATE "{table}" SET "recalled" = 1, "{name}" = 7 WHERE id = {one}' for name in names if name != "recalled"
    ]
    changes += [
        f'DELETE FROM "{table}" WHERE id = {one}',
        f'REPLACE INTO "{table}" SELECT * FROM "{table}"',
        f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE true ON CONFLICT (id) DO UPDATE SET "act" = \'x\'',
    ]
    assert succeeded(changes) == []
    assert rows_of(model) == before
    assert succeeded([f'UPDATE "{table}" SET "recalled" = 1 WHERE id = {one}']) != []
    assert succeeded([f'UPDATE "{table}" SET "recalled" = 0 WHERE id = {one}']) == []


def final(office, model: type[base.Model]) -> int:
    """A final record of the model, inserted by hand where the worked case has none."""
    row = model.select().where(~model.draft).first()
    if row:
        return row.id
    case = RECORDS["assessment"].select().first()
    office.ready([case.complaint_id], next(t.key for t in vocabulary().transitions.values() if t.record == model.key))
    fields = [*model.blanks(), *(model._meta.fields[name] for name in model.hidden)]
    values: dict[str, Any] = {field.name: _fitting(field, office) for field in fields}
    shared = {f: getattr(case, f) for f in ("complaint", "round", "leg", "revision", "made_by", "made_at")}
    return model.insert(**{**values, **shared, "act": "x", "draft": False, "recalled": False}).execute()


def _fitting(field: pw.Field, office) -> Any:
    return b"x" if isinstance(field, pw.BlobField) else sample(field, at=office.at)


def test_a_draft_cannot_take_the_place_of_a_final_record(worked):
    model = RECORDS["assessment"]
    one = model.select().where(~model.draft).first()
    values = {**one.__data__, "draft": True}
    del values["id"]
    draft = model.insert(**values).execute()
    before = rows_of(model)
    assert succeeded([f'UPDATE OR REPLACE "assessment" SET id = {one.id} WHERE id = {draft}']) == []
    assert rows_of(model) == before


# Behind the panel's back: a connection without guards.


@pytest.fixture(scope="module")
def history(template, tmp_path_factory) -> Path:
    """A database file with eighteen finished cases; no process has it open."""
    path = copied(template, tmp_path_factory.mktemp("history"))
    with opened(path):
        office = Office.at_work(path)
        for _ in range(6):
            office.bring(office.receive(3), CLOSED)
    return path


@pytest.fixture
def behind(history, tmp_path) -> Iterator[sqlite3.Connection]:
    """That history opened by hand, without triggers or authorizer; `event.verify` reads through this connection."""
    plain = pw.SqliteDatabase(str(copied(history, tmp_path)))
    database.initialize(plain)
    plain.connect()
    raw = plain.connection()
    for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    yield raw
    plain.close()


def other(value: Any, chance: random.Random) -> Any:
    """A value that is not that one: of its own kind, or of another kind, or nothing."""
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        flipped = value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]
        kinds = [flipped, value[:-1], value + b"\0", chance.randbytes(len(value)), b"", None, "", "teks", 0, 1]
    elif isinstance(value, int):
        kinds = [value + chance.randint(1, 9), -value - 1, value + 0.5, None, "x"]
    elif isinstance(value, str):
        kinds = [
            value + " ",
            value[:-1] if value else "x",
            value.swapcase() + "0",
            "",
            None,
            0,
            value.encode() + b"\0",
            value.encode() if value else b"x",
        ]
    else:
        kinds = [0, 1, "", "x", b"x"]
    return chance.choice([kind for kind in kinds if type(kind) is not type(value) or kind != value])


def another(value: Any) -> Any:
    """The plainest change: one more, one character more, one byte more."""
    return (
        value + (b"x" if isinstance(value, bytes) else "x" if isinstance(value, str) else 1) if value is not None else 1
    )


COLUMNS = [f.column_name for f in event.Event._meta.sorted_fields]


def change(raw: sqlite3.Connection, chance: random.Random, last: int) -> tuple[str, int]:
    """One column of one entry gets another value."""
    number, name = chance.randint(1, last), chance.choice([c for c in COLUMNS if c != "id"])
    (value,) = raw.execute(f'SELECT "{name}" FROM event WHERE id = ?', (number,)).fetchone()
    new = other(value, chance)
    try:
        raw.execute(f'UPDATE event SET "{name}" = ? WHERE id = ?', (new, number))
    except sqlite3.IntegrityError:
        return change(raw, chance, last)
    (stored,) = raw.execute(f'SELECT "{name}" FROM event WHERE id = ?', (number,)).fetchone()
    if type(stored) is type(value) and stored == value:  # the column's affinity made it the same again
        return change(raw, chance, last)
    return f"{name} of {number}: {value!r} -> {new!r}", number


def garble(raw: sqlite3.Connection, chance: random.Random, last: int) -> tuple[str, int]:
    """A text that is no text any more."""
    number = chance.randint(1, last)
    raw.execute("UPDATE event SET who = CAST(x'ff' || who AS TEXT) WHERE id = ?", (number,))
    return f"garbled {number}", number


def swap(raw: sqlite3.Connection, chance: random.Random, last: int) -> tuple[str, int]:
    one, two = sorted(chance.sample(range(1, last + 1), 2))
    for old, new in ((one, -1), (two, one), (-1, two)):
        raw.execute("UPDATE event SET id = ? WHERE id = ?", (new, old))
    return f"swapped {one} and {two}", one


WAYS: list[Tamper] = [change] * 8 + [garble, remove, cut, renumber, swap, insert]


def test_verify_finds_five_hundred_of_five_hundred_tampers_and_names_the_entry(behind):
    last, sentence = event.verify()
    assert (last > 100, sentence) == (True, "")
    assert missed(behind, WAYS, last, TAMPERS) == []
    assert event.verify() == (last, "")


@pytest.mark.parametrize("name", COLUMNS)
def test_verify_finds_a_change_in_every_column(behind, name):
    last = event.verify()[0]
    for number in (1, last // 2, last):
        with database.atomic() as transaction:
            (value,) = behind.execute(f'SELECT "{name}" FROM event WHERE id = ?', (number,)).fetchone()
            new = last + 9 if name == "id" else another(value)
            behind.execute(f'UPDATE event SET "{name}" = ? WHERE id = ?', (new, number))
            assert f"nomor {number} " in event.verify()[1]
            transaction.rollback()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM chain",
        "UPDATE chain SET last = last + 1",
        "UPDATE chain SET last = last - 1",
        "UPDATE chain SET mac = x'00'",
        "UPDATE chain SET own = x'00'",
        "UPDATE chain SET own = x''",
        "UPDATE chain SET mac = 'teks'",
        "UPDATE chain SET own = 7",
        "INSERT INTO chain (last, mac, own) SELECT last, mac, own FROM chain",
        "UPDATE chain SET last = 0, mac = zeroblob(32), own = x''",
        "DELETE FROM event",
        "UPDATE chain SET last = 'x'",
    ],
)
def test_a_tampered_head_is_found(behind, sql):
    behind.execute(sql)
    assert event.verify()[1]


def test_a_paper_whose_bytes_were_changed_is_not_shown(behind):
    behind.execute("UPDATE paper SET content = CAST(content || x'00' AS BLOB) WHERE id = 1")
    paper = Paper.get_by_id(1)
    with pytest.raises(BrokenSeal):
        content_of(paper, event.open_seals([paper.complaint_id])[paper.complaint_id])
