"""How many rows the database reads for each query of a page, and who asked: the measure of tests about query plans.

A query plan is right if it reads as many rows in a large office as in a small one. The names of its indexes do not say
that: the index of a unit's cases is one, too.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee as pw

from models.store.base import database

TREE = Path(__file__).resolve().parents[2]
FLOORS = tuple(f"{TREE / floor}/" for floor in ("admin", "models", "papers"))
SENDERS = f"{TREE / 'models' / 'store'}/"  # they send the queries of others
QUERY = re.compile(r"\(*(?:SELECT|WITH)\b")
STEPS, OF_A_ROW = 50, 10  # instructions of SQLite between two calls of the counter; about as many as a row takes
VALUES = re.compile(r"\([\d, ]+\)|\b\d+\b")


@dataclass(frozen=True)
class Query:
    """What the queries of one kind have in common: the SQL without its values, and the function that sent it."""

    sql: str
    caller: str


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any, str]]]:
    """The queries that are sent within the block: SQL, parameters, caller."""
    sent: list[tuple[str, Any, str]] = []
    real = pw.Database.execute_sql

    def record(self: pw.Database, sql: str, params: Any = None) -> Any:
        if QUERY.match(sql):
            sent.append((sql, params, _caller()))
        return real(self, sql, params)

    pw.Database.execute_sql = record
    try:
        yield sent
    finally:
        pw.Database.execute_sql = real


def _caller() -> str:
    frame: Any = sys._getframe(2)
    while frame:
        file = frame.f_code.co_filename
        if file.startswith(FLOORS) and not file.startswith(SENDERS):
            return f"{Path(file).relative_to(TREE)}: {frame.f_code.co_name}"
        frame = frame.f_back
    return "?"


class RowsRead:
    """The rows that queries read on the database that is open now; each query is measured once."""

    def __init__(self) -> None:
        self._measured: dict[tuple[str, str], int] = {}

    def by(self, sent: list[tuple[str, Any, str]]) -> Counter[Query]:
        """Rows by query; those of the same kind together."""
        rows: Counter[Query] = Counter()
        for sql, params, caller in sent:
            key = (sql, repr(params))
            if key not in self._measured:
                self._measured[key] = rows_read(sql, params)
            rows[Query(VALUES.sub("…", sql), caller)] += self._measured[key]
        return rows


def rows_read(sql: str, params: Any) -> int:
    """How many rows of tables and indexes the query reads, and of what the database makes of them meanwhile."""
    if isinstance(database.obj, pw.SqliteDatabase):
        return _instructions(sql, params) // OF_A_ROW
    [(plan,)] = database.execute_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params).fetchall()
    return _rows_of(plan[0]["Plan"])


def _instructions(sql: str, params: Any) -> int:
    count, connection = 0, database.connection()

    def add() -> int:
        nonlocal count
        count += STEPS
        return 0  # go on

    connection.set_progress_handler(add, STEPS)
    try:
        database.execute_sql(sql, params).fetchall()
    finally:
        connection.set_progress_handler(None, 0)
    return count


def _rows_of(node: dict[str, Any]) -> int:
    """The rows of all nodes of a plan, those that they have removed included."""
    removed = sum(rows for name, rows in node.items() if name.startswith("Rows Removed"))
    return int((node["Actual Rows"] + removed) * node["Actual Loops"]) + sum(map(_rows_of, node.get("Plans", ())))
