"""What the app's own SQLite connection may never do: change the schema, attach files, rewrite what is append-only."""

from collections.abc import Callable

from peewee import sqlite3

_DENIED = frozenset(
    getattr(sqlite3, f"SQLITE_{name}")
    for name in (
        "ATTACH", "DETACH", "PRAGMA", "ALTER_TABLE", "REINDEX", "ANALYZE",
        "CREATE_INDEX", "CREATE_TABLE", "CREATE_TRIGGER", "CREATE_VIEW", "CREATE_VTABLE",
        "CREATE_TEMP_INDEX", "CREATE_TEMP_TABLE", "CREATE_TEMP_TRIGGER", "CREATE_TEMP_VIEW",
        "DROP_INDEX", "DROP_TABLE", "DROP_TRIGGER", "DROP_VIEW", "DROP_VTABLE",
        "DROP_TEMP_INDEX", "DROP_TEMP_TABLE", "DROP_TEMP_TRIGGER", "DROP_TEMP_VIEW",
    )
)  # fmt: skip
_CHANGES = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})


def authorizer(append_only: frozenset[str]) -> Callable[..., int]:
    """A callback for `set_authorizer`: denies by operation, and by table for what is append-only."""

    def judge(action: int, table: str | None, *_: object) -> int:
        if action in _DENIED or (action in _CHANGES and (table in append_only or str(table).startswith("sqlite_"))):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    return judge
