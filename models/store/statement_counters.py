"""Counters per thread: SQL statements, for the request log, and committed changes, so that an error page does not say
that nothing was changed."""

import threading
from typing import Any

import peewee as pw

_counters = threading.local()


def statements() -> int:
    """Executed by this thread so far."""
    return int(getattr(_counters, "count", 0))


def count() -> None:
    """Count one more; called directly for `executemany`, which `Counted` does not see."""
    _counters.count = statements() + 1


def changes() -> int:
    """Committed transactions of this thread that wrote to the history."""
    return int(getattr(_counters, "changes", 0))


def count_change() -> None:
    """To be called by `after_commit` of the transaction."""
    _counters.changes = changes() + 1


class Counted(pw.Database):
    """Mixin of the panel's databases."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        count()
        return super().execute_sql(sql, params)
