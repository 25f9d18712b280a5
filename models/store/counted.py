"""How many statements each thread has asked of the database: the request log tells what a request has cost."""

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


class Counted(pw.Database):
    """Mixin of the panel's databases."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        count()
        return super().execute_sql(sql, params)
