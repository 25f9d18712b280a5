"""Counters per thread: SQL statements, for the request log; transactions, and the tables written since they were last
asked for; committed changes, so that an error page does not say that nothing was changed."""

import re
import threading
from typing import Any

import peewee as pw

ANY_TABLE = "*"  # a statement that may write, to a table that was not recognised
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
_READS = ("SELECT", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET", "RESET")
_CHANGES = ("INSERT ", "UPDATE ", "DELETE ")  # words of a statement that begins with WITH and writes
_counters = threading.local()


def statements() -> int:
    """Executed by this thread so far."""
    return int(getattr(_counters, "count", 0))


def count(sql: str) -> None:
    """Count one more; called directly for `executemany`, which `Counted` does not see."""
    _counters.count = statements() + 1
    if _may_write(sql):
        table = _WRITES.match(sql)
        written: set[str] = getattr(_counters, "written", set())
        written.add(table[1] if table else ANY_TABLE)
        _counters.written = written


def _may_write(sql: str) -> bool:
    begun = sql.lstrip("(")  # a union begins with brackets on PostgreSQL
    if begun.startswith("WITH "):
        return any(word in sql for word in _CHANGES)
    return not begun.startswith(_READS)


def take_written() -> set[str]:
    """The tables that this thread has written to since the last call."""
    written: set[str] = getattr(_counters, "written", set())
    _counters.written = set()
    return written


def transactions() -> int:
    """The number of the latest transaction of this thread."""
    return int(getattr(_counters, "transactions", 0))


def count_transaction() -> None:
    """A transaction begins."""
    _counters.transactions = transactions() + 1


def changes() -> int:
    """Committed transactions of this thread that wrote to the history."""
    return int(getattr(_counters, "changes", 0))


def count_change() -> None:
    """To be called by `after_commit` of the transaction."""
    _counters.changes = changes() + 1


class Counted(pw.Database):
    """Mixin of the panel's databases."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        count(sql)
        return super().execute_sql(sql, params)
