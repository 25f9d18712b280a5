"""What each thread has had of the database: statements, which the request log tells, and changes that are committed,
which an error page must not deny."""

import threading
from typing import Any

import peewee as pw

_asked = threading.local()


def statements() -> int:
    """Those of this thread so far."""
    return int(getattr(_asked, "count", 0))


def count() -> None:
    """One more, of which no database of ours is told: a statement for many rows."""
    _asked.count = statements() + 1


def changes() -> int:
    """The transactions of this thread that were committed and that the history tells of."""
    return int(getattr(_asked, "changes", 0))


def count_change() -> None:
    """One more: for `after_commit` of the transaction."""
    _asked.changes = changes() + 1


class Counted(pw.Database):
    """Mixin of the panel's databases."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        count()
        return super().execute_sql(sql, params)
