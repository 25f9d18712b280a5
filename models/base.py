"""The ground of every table: the database, the model base, moments in time, and set-wise inserts."""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import peewee
from peewee import sqlite3

from models.guard import authorizer
from sop.clock import WIB

database = peewee.DatabaseProxy()
PATIENCE = 10.0  # seconds that a writer waits for another one
OLDEST_SQLITE = (3, 51, 3)  # earlier ones have the WAL-reset corruption bug
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
}


class GuardedDatabase(peewee.SqliteDatabase):
    """SQLite whose connection refuses schema changes and any change of what is append-only."""

    def _connect(self):
        conn = super()._connect()
        conn.set_authorizer(authorizer(append_only_tables()))
        conn.set_busy_handler(patient(PATIENCE))
        return conn


def patient(seconds: float) -> Callable[[int], bool]:
    """A busy handler that asks again within milliseconds.

    SQLite's own sleeps ever longer and so starves a waiting writer while another takes the lock again and again.
    """
    since = 0.0

    def wait(tries: int) -> bool:
        nonlocal since
        if tries == 0:
            since = time.monotonic()
        time.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 - a pause, not a secret
        return time.monotonic() - since < seconds

    return wait


class Model(peewee.Model):
    """Base of all tables. `append_only` rows are never changed or deleted; triggers and authorizer say so."""

    append_only = False
    kept_by_digest = True  # part of `flask digest`: everything but prints, sessions, logs
    not_digested: tuple[str, ...] = ()  # columns that are random by nature

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True


class Moment(peewee.DateTimeField):
    """An aware moment: kept as UTC without a zone so that it sorts as text, given back in WIB."""

    def db_value(self, value: datetime | None) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("Moment tanpa zona waktu")
        return value.astimezone(UTC).replace(tzinfo=None).strftime("%Y-%m-%d %H:%M:%S.%f")

    def python_value(self, value: Any) -> datetime | None:
        if value is None or (isinstance(value, datetime) and value.tzinfo):
            return value
        naive = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return naive.replace(tzinfo=UTC).astimezone(WIB)


class Json(peewee.TextField):
    """A JSON value kept as text, canonical: sorted keys, no blanks."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else canonical(value)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """Canonical JSON: the same value is always the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def now() -> datetime:
    """The present moment in WIB."""
    return datetime.now(WIB)


def all_models(of: type[Model] = Model) -> list[type[Model]]:
    """Every table's model, in the order of definition; abstract ones left out."""
    found = []
    for model in of.__subclasses__():
        if not model.__dict__.get("abstract", False):
            found.append(model)
        found += all_models(model)
    return found


def append_only_tables() -> frozenset[str]:
    return frozenset(m._meta.table_name for m in all_models() if m.append_only)


def open_database(url: str) -> peewee.Database:
    """Bind the models to the database at `url` (sqlite:///path). ValueError in a sentence for anything else."""
    opened = GuardedDatabase(sqlite_path(url), pragmas=PRAGMAS, timeout=PATIENCE, lock_type="IMMEDIATE")
    database.initialize(opened)
    return opened


def sqlite_path(url: str) -> str:
    scheme, _, path = url.partition("://")
    if scheme != "sqlite" or not path.removeprefix("/"):
        raise ValueError(f"DATABASE_URL belum dikenal: {scheme}:// (yang dikenal: sqlite:///berkas)")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise ValueError("SQLite terlalu lama; pasang ulang dengan `pip install -r requirements.txt`.")
    path = path.removeprefix("/") if not path.startswith("//") else path[1:]
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return path


def insert_rows(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that share their keys with one prepared statement; field converters apply."""
    if not rows:
        return
    fields = [model._meta.fields[name] for name in rows[0]]
    columns = ", ".join(f'"{f.column_name}"' for f in fields)
    marks = ", ".join([database.param] * len(fields))
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'  # noqa: S608 - names of our own models
    convert = [(f.name, f.db_value) for f in fields]
    run_many(sql, [[to_db(row[name]) for name, to_db in convert] for row in rows])


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Run one statement for many rows on the open transaction; the number of rows it touched."""
    cursor = database.cursor()
    cursor.executemany(sql, rows)
    return cursor.rowcount
