"""SQLite: the panel's own connection can change neither the schema nor append-only tables; the owner's can."""

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakSet

import peewee as pw
from peewee import sqlite3
from playhouse.pool import PooledSqliteDatabase

from models.store import tracked_rows
from models.store.peewee_patches import StatementText
from models.store.statement_counters import Counted, count_transaction

NAME = "sqlite"
PATIENCE = 10.0  # seconds that a writer waits for the lock
STALE = 300  # seconds from opening a pooled connection until it is replaced
OLDEST = (3, 53, 0)  # earlier ones cannot make a column nullable (0009); those before 3.51.3 have the WAL-reset bug
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
}
COLUMNS = """SELECT t."name", c."name", c."type", c."notnull" FROM "sqlite_schema" t, pragma_table_info(t."name") c
WHERE t."type" = 'table' AND t."sql" NOT LIKE 'CREATE VIRTUAL%'"""  # without generated columns
TRIGGERS = """SELECT "tbl_name", "name" FROM "sqlite_schema" WHERE "type" = 'trigger'"""
TRIGGERS_IN_WORDS = """SELECT "name", "sql" FROM "sqlite_schema" WHERE "type" = 'trigger' ORDER BY 1"""
_DENIED = frozenset(
    getattr(sqlite3, f"SQLITE_{name}")
    for name in (
        "ATTACH",
        "DETACH",
        "PRAGMA",
        "ALTER_TABLE",
        "REINDEX",
        "ANALYZE",
        "CREATE_INDEX",
        "CREATE_TABLE",
        "CREATE_TRIGGER",
        "CREATE_VIEW",
        "CREATE_VTABLE",
        "CREATE_TEMP_INDEX",
        "CREATE_TEMP_TABLE",
        "CREATE_TEMP_TRIGGER",
        "CREATE_TEMP_VIEW",
        "DROP_INDEX",
        "DROP_TABLE",
        "DROP_TRIGGER",
        "DROP_VIEW",
        "DROP_VTABLE",
        "DROP_TEMP_INDEX",
        "DROP_TEMP_TABLE",
        "DROP_TEMP_TRIGGER",
        "DROP_TEMP_VIEW",
    )
)
_CHANGES = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_JUDGED = _DENIED | _CHANGES
_OK, _DENY = int(sqlite3.SQLITE_OK), int(sqlite3.SQLITE_DENY)
_ASKED_BY_FTS = (sqlite3.SQLITE_PRAGMA, "data_version")  # PRAGMA data_version: whether another connection has written
INDEX = """CREATE VIRTUAL TABLE "{table}_find" USING fts5({columns}, content='{table}', content_rowid='id',
tokenize="trigram case_sensitive 0 remove_diacritics 1")"""
COMMAND = 'INSERT INTO "{table}_find" ("{table}_find", "rank") VALUES (?, ?)'
IN_STEP = """CREATE TRIGGER "{table}_find_{act}" AFTER {act} ON "{table}" BEGIN {forget}{keep}END"""
FORGET = """INSERT INTO "{table}_find" ("{table}_find", "rowid", {columns}) VALUES ('delete', OLD."id", {old}); """
KEEP = """INSERT INTO "{table}_find" ("rowid", {columns}) VALUES (NEW."id", {new}); """


class AuthorizedSqlite(Counted, pw.SqliteDatabase):
    """Connections that reject schema changes and any change of append-only tables."""

    context_class = StatementText
    reading = ("DEFERRED",)  # arguments of `begin` for a read-only transaction

    def __init__(self, path: str, append_only: Callable[[], frozenset[str]], **pooled: Any) -> None:
        self.append_only = append_only
        self.opened_for: dict[int, tuple[int, int]] = {}
        super().__init__(path, pragmas=PRAGMAS, lock_type="IMMEDIATE", check_same_thread=False, **pooled)
        self.timeout = PATIENCE

    def begin(self, lock_type: str | None = None) -> None:
        tracked_rows.forget()
        count_transaction()
        super().begin(lock_type)

    def _connect(self) -> Any:
        before = self.here()
        conn = super()._connect()
        conn.set_authorizer(authorizer(self.append_only()))
        conn.set_busy_handler(busy_handler(PATIENCE))
        self.opened_for[id(conn)] = before if before[1] else self.here()
        return conn

    def here(self) -> tuple[int, int]:
        """The process id and the inode of the database file; inode 0 if there is no file."""
        try:
            return os.getpid(), Path(self.database).stat().st_ino
        except OSError:
            return os.getpid(), 0

    @contextmanager
    def without_waiting(self) -> Iterator[None]:
        """Fail at once if another connection has the write lock."""
        connection = self.connection()
        connection.set_busy_handler(None)
        try:
            yield
        finally:
            connection.set_busy_handler(busy_handler(PATIENCE))


class GuardedSqlite(PooledSqliteDatabase, AuthorizedSqlite):
    """The panel's own database: pooled, confined. Opening a connection for each request cost a seventh of a page."""

    def __init__(self, path: str, append_only: Callable[[], frozenset[str]], **pooled: Any) -> None:
        self.readers: dict[int, WeakSet[Any]] = {}  # open cursors by id of their connection
        super().__init__(path, append_only=append_only, **pooled)

    def connect(self, reuse_if_open: bool = False) -> Any:
        """Discard connections that were opened on a replaced file or before a fork."""
        opened = super().connect(reuse_if_open)
        while opened and self.opened_for.get(id(self.connection())) != self.here():
            self.manual_close()
            self.close_idle()
            super().connect()
        return opened

    def cursor(self, named_cursor: object = None) -> Any:
        """Remember the cursor, to close it when the connection returns to the pool."""
        cursor = super().cursor(named_cursor)
        self.readers.setdefault(id(self.connection()), WeakSet()).add(cursor)
        return cursor

    def close(self) -> bool:
        """Return the connection to the pool without a read or write in progress: the next request would see old data.

        Open cursors are closed: they share the cached prepared statement with later executions of the same SQL, which
        would return rows twice once such a cursor is garbage-collected.
        """
        if not (self.is_closed() or self.in_transaction()):
            connection = self.connection()
            for cursor in list(self.readers.pop(id(connection), ())):
                cursor.close()
            if not connection.in_transaction:
                connection.execute("BEGIN")
            connection.rollback()
        return bool(super().close())


def authorizer(append_only: frozenset[str]) -> Callable[..., int]:
    """A callback for `set_authorizer`: denies by operation, and by table for append-only tables."""

    def judge(action: int, table: str | None, *_: object) -> int:
        if action not in _JUDGED or (action, table) == _ASKED_BY_FTS:  # nearly always: each column of a query
            return _OK
        if action in _DENIED or table in append_only or str(table).startswith("sqlite_"):
            return _DENY
        return _OK

    return judge


def busy_handler(seconds: float) -> Callable[[int], bool]:
    """A busy handler that retries within milliseconds.

    SQLite's own backs off ever longer, so that a waiting writer starves while others take the lock repeatedly.
    """
    since = 0.0

    def wait(tries: int) -> bool:
        nonlocal since
        if tries == 0:
            since = time.monotonic()
        time.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 - a pause, not a secret
        return time.monotonic() - since < seconds

    return wait


def app_database(url: str, append_only: Callable[[], frozenset[str]]) -> pw.Database:
    """The panel's own database."""
    return GuardedSqlite(path_of(url), append_only=append_only, max_connections=None, stale_timeout=STALE)


def reading_database(url: str, append_only: Callable[[], frozenset[str]]) -> pw.Database:
    """For long reads in one snapshot."""
    return app_database(url, append_only)


def frozen_database(url: str) -> pw.Database:
    """Read-only without WAL and locks, for a full disk on which the WAL cannot be opened."""
    return pw.SqliteDatabase(f"file:{quote(path_of(url))}?mode=ro&immutable=1", uri=True)


def owner_database(url: str) -> pw.Database:
    """The connection for migrations; foreign keys off, so that a referenced table can be rebuilt."""
    return pw.SqliteDatabase(path_of(url), pragmas={**PRAGMAS, "foreign_keys": 0}, timeout=10, lock_type="IMMEDIATE")


def path_of(url: str) -> str:
    """The file of a sqlite:///path, its folder created; ValueError with a sentence if the URL has no path or SQLite is
    too old."""
    file = file_of(url)
    if sqlite3.sqlite_version_info < OLDEST:
        raise ValueError("SQLite terlalu lama; pasang ulang dengan `pip install -r requirements.txt`.")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(file)


def file_of(url: str) -> Path:
    """The file of a sqlite:///path, which need not exist."""
    path = url.removeprefix("sqlite://")
    if path == url or not path.removeprefix("/"):
        raise ValueError(f"DATABASE_URL belum dikenal: {url} (misalnya sqlite:///berkas)")
    return Path(path.removeprefix("/") if not path.startswith("//") else path[1:])


@contextmanager
def keep_connection_open(url: str) -> Iterator[None]:
    """Keep one connection open while the panel serves. Closing the last one deletes the shared-memory file, and on a
    full disk it could not be created again: not even reads would work."""
    connection = sqlite3.connect(path_of(url))
    try:
        connection.execute('SELECT count(*) FROM "sqlite_schema"').fetchone()  # the first read creates the file
        yield
    finally:
        connection.close()


def exists(url: str) -> bool:
    return Path(path_of(url)).exists()


def alone(owner: pw.Database) -> AbstractContextManager[object]:
    """Nothing to do: SQLite locks the file for a migration."""
    return nullcontext()


def may_build(owner: pw.Database) -> bool:
    return True


def is_settled(owner: pw.Database, url: str, append_only: Iterable[str], others: Iterable[str]) -> bool:
    return True


def settle(owner: pw.Database, url: str, append_only: Iterable[str], others: Iterable[str]) -> None:
    """Nothing to grant: the authorizer limits the panel's connection."""


def index_texts(owner: pw.Database, table: str, columns: Sequence[str]) -> None:
    """A trigram index (FTS5) of a table, synchronised by triggers; deleted text is removed from it securely."""
    if owner.table_exists(f"{table}_find"):
        return
    listed = {mark: ", ".join(f'{mark}"{name}"' for name in columns) for mark in ("", "OLD.", "NEW.")}
    words = {"table": table, "columns": listed[""], "old": listed["OLD."], "new": listed["NEW."]}
    remove, add = FORGET.format(**words), KEEP.format(**words)
    owner.execute_sql(INDEX.format(**words))
    for command, value in (("secure-delete", 1), ("rebuild", None)):
        owner.execute_sql(COMMAND.format(**words), (command, value))
    owner.execute_sql(IN_STEP.format(table=table, act="INSERT", forget="", keep=add))
    owner.execute_sql(IN_STEP.format(table=table, act="DELETE", forget=remove, keep=""))
    owner.execute_sql(IN_STEP.format(table=table, act="UPDATE", forget=remove, keep=add))


def orphans(owner: pw.Database) -> set[str]:
    """Tables with dangling foreign keys."""
    return {row[0] for row in owner.execute_sql("PRAGMA foreign_key_check")}


def type_word(declared: str) -> str:
    """A column's type, normalised for comparison; without its length, which SQLite ignores."""
    return declared.partition("(")[0].strip().upper()


def trigger(name: str, table: str, act: str, when: str, sentence: str) -> list[str]:
    """The statements of a trigger that rejects UPDATE or DELETE of a row (where `when` holds) with a sentence."""
    if act == "TRUNCATE":
        return []  # SQLite has no TRUNCATE
    condition = f"WHEN {when} " if when else ""
    return [
        f'DROP TRIGGER IF EXISTS "{name}"',
        f'CREATE TRIGGER "{name}" BEFORE {act} ON "{table}" {condition}BEGIN SELECT RAISE(ABORT, \'{sentence}\'); END',
    ]


def renewal(table: str) -> dict[str, list[str]]:
    """The statements of the triggers that replace the token of `master_token` at each change of the table, by name."""
    renew = """INSERT INTO "master_token" ("id", "token") VALUES (1, hex(randomblob(16)))
ON CONFLICT ("id") DO UPDATE SET "token" = excluded."token";"""
    acts = {f"renew_{table}_{act.lower()}": act for act in ("INSERT", "UPDATE", "DELETE")}
    return {
        name: [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" AFTER {act} ON "{table}" BEGIN {renew} END',
        ]
        for name, act in acts.items()
    }
