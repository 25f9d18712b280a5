"""Behind the panel's back: the shape of a database, and changes that no trigger and no foreign key stops."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import peewee as pw
import psycopg
from peewee import sqlite3

from models.complaint import event
from models.complaint.event import Event
from models.store.base import database
from tests import postgres
from tests.office import outside

COLUMNS_OF = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
NAMES = """SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
           UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"""


def schema(path: Path) -> dict[str, set[str]]:
    """Tables with their columns, and under "" the names of triggers and indexes."""
    with outside(path) as raw:
        return _sqlite_schema(raw) if path.suffix == ".sqlite" else _postgres_schema(raw)


def _sqlite_schema(raw: Any) -> dict[str, set[str]]:
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: {row[1] for row in raw.execute(f'PRAGMA table_info("{name}")')} for name in names}
    others = raw.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL")
    return {**found, "": {name for (name,) in others}}


def _postgres_schema(raw: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"": {name for (name,) in raw.execute(NAMES)}}
    for table, column in raw.execute(COLUMNS_OF):
        found.setdefault(table, set()).add(column)
    return found


@contextmanager
def unguarded(path: Path) -> Iterator[Any]:
    """A connection without triggers and references; its `execute` takes ? for values on both databases."""
    if path.suffix == ".sqlite":
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("PRAGMA foreign_keys = 0")
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
    else:
        raw = Marked(postgres.server().boss(path.read_text().splitlines()[2]))
        raw.execute("SET session_replication_role = replica")
    try:
        yield raw
    finally:
        raw.close()


def without_trigger(path: Path, table: str) -> list[str]:
    """The statements by which a master table loses the trigger that renews what processes have cached."""
    if path.suffix == ".sqlite":
        return [f'DROP TRIGGER "renew_{table}_{act}"' for act in ("insert", "update", "delete")]
    return [f'DROP TRIGGER "renew_{table}" ON "{table}"']


def written() -> int:
    """A count that grows with whatever this process's database is made to write: rows, or numbers of transactions."""
    raw = database.connection()
    if hasattr(raw, "total_changes"):
        return raw.total_changes
    return int(database.execute_sql("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()[0])


class Marked:
    """A connection to PostgreSQL that takes SQLite's marks."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw

    def execute(self, sql: str, values: Any = None) -> Any:
        return self.raw.execute(sql.replace("?", "%s"), values)

    def close(self) -> None:
        self.raw.close()


def another(value: Any, field: pw.Field) -> Any:
    """A value that a column takes and that says something else; for none, one of the field's kind."""
    if value is None:
        kinds: dict[type, Any] = {
            pw.BlobField: b"x",
            pw.DateTimeField: "2001-01-01 00:00:00.000000",
            pw.DateField: date(2001, 1, 1),
            pw.IntegerField: 1,
            pw.ForeignKeyField: 1,
        }
        return next((v for kind, v in kinds.items() if isinstance(field, kind)), "x")
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return 1 - value if isinstance(field, pw.BooleanField) else value + 1_000_000
    if isinstance(value, date):
        return value + timedelta(days=20_000)
    if isinstance(value, time):
        return value.replace(minute=(value.minute + 1) % 60)
    return value[:-1] + ("y" if value.endswith("x") else "x")


Tamper = Callable[[Any, random.Random, int], tuple[str, int]]


def remove(raw: Any, chance: random.Random, last: int) -> tuple[str, int]:
    number = chance.choice([1, last, chance.randint(1, last)])
    raw.execute("DELETE FROM event WHERE id = ?", (number,))
    return f"removed {number}", number


def cut(raw: Any, chance: random.Random, last: int) -> tuple[str, int]:
    number = chance.randint(1, last)
    raw.execute("DELETE FROM event WHERE id >= ?", (number,))
    return f"cut from {number}", number


def renumber(raw: Any, chance: random.Random, last: int) -> tuple[str, int]:
    number, new = chance.randint(1, last), chance.choice([0, -3, last + 1, last + 1_000])
    raw.execute("UPDATE event SET id = ? WHERE id = ?", (new, number))
    return f"renumbered {number} to {new}", number


def insert(raw: Any, chance: random.Random, last: int) -> tuple[str, int]:
    """A made-up entry before, after or far behind the others."""
    number = chance.choice([0, -5, last + 1, last + 50])
    names = ", ".join(f'"{f.column_name}"' for f in Event._meta.sorted_fields if f.name != "id")
    raw.execute(
        f"INSERT INTO event (id, {names}) SELECT ?, {names} FROM event WHERE id = ?", (number, chance.randint(1, last))
    )
    return f"inserted {number}", number


def missed(raw: Any, ways: Sequence[Tamper], last: int, tampers: int) -> list[tuple[str, str]]:
    """Tamper so many times, one way or another, each taken back: what `verify` did not name, and what it said."""
    chance, found = random.Random(8), []
    for _ in range(tampers):
        with database.atomic() as transaction:
            description, number = chance.choice(ways)(raw, chance, last)
            _, sentence = event.verify()
            transaction.rollback()
        if f"nomor {number} " not in sentence:
            found.append((description, sentence))
    return found
