"""PostgreSQL: the panel uses a role that owns no tables; one writer at a time; connections pooled and limited."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import peewee as pw
import psycopg
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import StrDumperUnknown

from models.store import tracked_rows
from models.store.statement_counters import Counted, count_transaction
from sop.words import format_moment

NAME = "postgresql"
PATIENCE = 10.0  # seconds that a writer waits for the lock
BUILDING = 60.0  # seconds that a start waits for another that changes the schema
OLDEST = 140_000  # version 14: the first with CREATE OR REPLACE TRIGGER
POOL = 20  # connections of a process: eight request threads, the print worker, running exports
WRITER, BUILDER = 35_730_001, 35_730_002  # advisory locks: for writing, for migrations
SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "timezone": "UTC",
        "lock_timeout": f"{PATIENCE:.0f}s",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "60s",
        "jit": "off",  # to compile a query of a page takes longer than to answer it
    }.items()
)

COLUMNS = """SELECT t.relname, c.attname, format_type(c.atttypid, c.atttypmod), c.attnotnull
FROM pg_attribute c JOIN pg_class t ON t.oid = c.attrelid
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''"""  # without generated columns
TRIGGERS = """SELECT t.relname, g.tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
WHERE t.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal AND g.tgenabled <> 'D'"""
TRIGGERS_IN_WORDS = """SELECT pg_get_triggerdef(g.oid), p.prosrc FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
JOIN pg_proc p ON p.oid = g.tgfoid WHERE t.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal
ORDER BY t.relname, g.tgname"""
SERVERS_WORDS = {  # type names of Peewee and the server's own for them
    "bigserial": "bigint",
    "char": "character",
    "serial": "integer",
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "varchar": "character varying",
}

BUILT = "Basis data masih disiapkan {who}. Tunggu sampai selesai, lalu mulai lagi."
HOLDER = (
    "oleh proses lain: PID {pid} pada server basis data, pengguna {user}, dari {host}, sejak {since}. Bila panel itu "
    "sudah tidak ada, jalankan `SELECT pg_terminate_backend({pid});`"
)
GONE = "oleh proses lain"
NO_TRIGRAMS = (
    "Pencarian memerlukan ekstensi pg_trgm: pasang paket postgresql-contrib bila belum ada, jalankan "
    "`CREATE EXTENSION pg_trgm;` pada basis data ini sebagai superuser, lalu mulai panel lagi."
)


class WithoutNul(StrDumperUnknown):
    """Drops NUL, which PostgreSQL's text cannot store, from every string parameter."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", ""))


class Confined(Counted, pw.PostgresqlDatabase):
    """Connections that cannot change the history, and serialised write transactions."""

    reading = (psycopg.IsolationLevel.REPEATABLE_READ.value,)  # arguments of `begin` for a read-only transaction

    def _connect(self) -> Any:
        conn = super()._connect()
        conn.adapters.register_dumper(str, WithoutNul)
        try:
            confine(conn)
        except Exception:
            conn.close()
            raise
        return conn

    def begin(self, isolation_level: Any = None) -> None:
        """Begin and wait for the write lock, as SQLite's IMMEDIATE: the history is a hash chain with one writer."""
        tracked_rows.forget()
        count_transaction()
        super().begin(isolation_level)
        if isolation_level:
            return
        try:
            self.execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
        except Exception:
            self.rollback()
            raise


class GuardedPostgres(PooledPostgresqlDatabase, Confined):
    """The panel's own database: pooled, confined. An exhausted pool raises the error of a busy database."""

    def connect(self, reuse_if_open: bool = False) -> Any:
        try:
            return super().connect(reuse_if_open)
        except MaxConnectionsExceeded as used_up:
            raise pw.OperationalError(str(used_up)) from used_up


def confine(conn: psycopg.Connection[Any]) -> None:
    """SET ROLE from the owner to the role that cannot change append-only tables; refuse if it still could."""
    if _may_rewrite(conn):
        conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(app_role(conn.info.dbname))))
        if _may_rewrite(conn):
            raise pw.OperationalError("the panel's role may rewrite the history")


def _may_rewrite(conn: psycopg.Connection[Any]) -> bool:
    query = "SELECT to_regclass('event') IS NOT NULL AND has_table_privilege('event', 'UPDATE, DELETE, TRUNCATE')"
    [(answer,)] = conn.execute(query).fetchall()
    return bool(answer)


def app_role(name: str) -> str:
    """The panel's role where one URL serves both as owner and as panel."""
    return f"{name}_app"


def _plain(url: str) -> str:
    return url.replace("postgres://", "postgresql://", 1)


def app_database(url: str, append_only: Callable[[], frozenset[str]]) -> pw.Database:
    """The panel's own database."""
    return GuardedPostgres(
        _plain(url),
        max_connections=POOL,
        stale_timeout=300,
        timeout=2,
        prefer_psycopg3=True,
        connect_timeout=2,
        options=SESSION,
    )


def reading_database(url: str, append_only: Callable[[], frozenset[str]]) -> pw.Database:
    """For long reads in one snapshot: without the panel's timeouts."""
    return Confined(_plain(url), prefer_psycopg3=True, connect_timeout=5, options="-c timezone=UTC")


class Owner(pw.PostgresqlDatabase):
    """The owner's connection. A transaction waits until nobody writes: changing tables amid the panel's writers would
    end in deadlocks. The server notices within a minute that its client is gone, and frees its locks."""

    def begin(self, isolation_level: Any = None) -> None:
        super().begin(isolation_level)
        try:
            self.execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
        except Exception:
            self.rollback()
            raise


def owner_database(url: str) -> pw.Database:
    """The connection for migrations."""
    bounds = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}  # seconds, seconds, times
    options = " ".join(["-c timezone=UTC", *(f"-c tcp_{name}={value}" for name, value in bounds.items())])
    return Owner(_plain(url), prefer_psycopg3=True, connect_timeout=5, options=options)


def keep_connection_open(url: str) -> AbstractContextManager[object]:
    """Nothing to do: a server needs no open connection."""
    return nullcontext()


def exists(url: str) -> bool:
    return True


@contextmanager
def alone(owner: pw.Database) -> Iterator[None]:
    """Lock out other migrations. ValueError with a sentence if the server is too old, or another holds the lock for a
    minute; it says who."""
    if owner.server_version < OLDEST:
        raise ValueError(f"PostgreSQL terlalu lama ({owner.server_version // 10_000}); panel memerlukan 14 atau lebih.")
    until = time.monotonic() + BUILDING
    while not owner.execute_sql("SELECT pg_try_advisory_lock(%s)", (BUILDER,)).fetchone()[0]:
        if time.monotonic() > until:
            raise ValueError(BUILT.format(who=_builder(owner)))
        time.sleep(0.2)
    try:
        yield
    finally:
        owner.execute_sql("SELECT pg_advisory_unlock(%s)", (BUILDER,))


def _builder(owner: pw.Database) -> str:
    """Who holds the lock of migrations, in words."""
    query = """SELECT a.pid, a.usename, coalesce(host(a.client_addr), 'server itu sendiri'), a.backend_start
        FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.granted AND l.objid = %s AND l.database = (
            SELECT oid FROM pg_database WHERE datname = current_database())"""
    row = owner.execute_sql(query, (BUILDER,)).fetchone()
    return HOLDER.format(pid=row[0], user=row[1], host=row[2], since=format_moment(row[3])) if row else GONE


def may_build(owner: pw.Database) -> bool:
    """Whether the connection's role owns the panel's tables, or may create them."""
    query = """SELECT coalesce(
        (SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables
         WHERE tablename = 'event' AND schemaname = current_schema()),
        has_schema_privilege(current_schema(), 'CREATE'))"""
    return bool(owner.execute_sql(query).fetchone()[0])


def is_settled(owner: pw.Database, url: str, append_only: Iterable[str], others: Iterable[str]) -> bool:
    """Whether the panel's role has just the grants that `settle` gives; nothing is granted or created."""
    role = _role_of(owner, url)[0]
    if not owner.execute_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        return False
    query = """SELECT count(*) FROM unnest(%s::text[], %s::boolean[]) AS t(name, changes), quote_ident(t.name) AS q
        WHERE has_table_privilege(%s, q, 'SELECT') AND has_table_privilege(%s, q, 'INSERT')
        AND has_table_privilege(%s, q, 'UPDATE') = t.changes AND has_table_privilege(%s, q, 'DELETE') = t.changes
        AND NOT has_table_privilege(%s, q, 'TRUNCATE')"""
    tables = [*((name, False) for name in append_only), *((name, True) for name in others)]
    names, changes = [name for name, _ in tables], [may for _, may in tables]
    [granted] = owner.execute_sql(query, (names, changes, *[role] * 5)).fetchone()
    query = """SELECT has_schema_privilege(%s, 'public', 'USAGE') AND NOT has_schema_privilege(%s, 'public', 'CREATE')
        AND NOT has_database_privilege(%s, current_database(), 'CREATE, TEMPORARY')"""
    return bool(granted == len(tables) and owner.execute_sql(query, [role] * 3).fetchone()[0])


def settle(owner: pw.Database, url: str, append_only: Iterable[str], others: Iterable[str]) -> None:
    """Grant the panel's role SELECT, INSERT on all tables and UPDATE, DELETE on the `others`; no DDL, no TRUNCATE."""
    role = _panel_role(owner, url)
    who = '"' + role.replace('"', '""') + '"'
    for table in append_only:
        _grant(owner, table, "SELECT, INSERT", who)
    for table in others:
        _grant(owner, table, "SELECT, INSERT, UPDATE, DELETE", who)
    owner.execute_sql(f"GRANT USAGE ON SCHEMA public TO {who}")
    owner.execute_sql(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {who}")
    owner.execute_sql(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}")
    name = '"' + str(owner.execute_sql("SELECT current_database()").fetchone()[0]).replace('"', '""') + '"'
    owner.execute_sql(f"REVOKE TEMPORARY, CREATE ON DATABASE {name} FROM PUBLIC, {who}")
    owner.execute_sql('GRANT SELECT ON "migration" TO ' + who)


def _grant(owner: pw.Database, table: str, what: str, who: str) -> None:
    owner.execute_sql(f'REVOKE ALL ON "{table}" FROM PUBLIC, {who}')
    owner.execute_sql(f'GRANT {what} ON "{table}" TO {who}')


def _role_of(owner: pw.Database, url: str) -> tuple[str, bool]:
    """The panel's role, and whether its URL names it: else the URL is the owner's."""
    [(me, database)] = owner.execute_sql("SELECT session_user, current_database()").fetchall()
    named = conninfo_to_dict(_plain(url)).get("user") or me
    return (app_role(database), False) if named == me else (str(named), True)


def _panel_role(owner: pw.Database, url: str) -> str:
    """The role of the panel's URL; where that is the owner, a second role for SET ROLE, created if
    missing. ValueError with a sentence if the role does not exist, or the owner may not create it."""
    role, is_own = _role_of(owner, url)
    if owner.execute_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        return role
    if is_own:
        raise ValueError(f"Peran {role} pada DATABASE_URL belum ada pada server basis data.")
    query = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user"
    if not owner.execute_sql(query).fetchone()[0]:
        raise ValueError(
            "Peran pada DATABASE_URL memiliki tabel dan tidak boleh membuat peran lain. Buat peran kedua tanpa hak "
            "khusus, pakai pada DATABASE_URL, dan taruh alamat pemilik pada DATABASE_OWNER_URL."
        )
    who = '"' + role.replace('"', '""') + '"'
    owner.execute_sql(f"CREATE ROLE {who} NOLOGIN")
    owner.execute_sql(f"GRANT {who} TO SESSION_USER")
    return role


def index_texts(owner: pw.Database, table: str, columns: Sequence[str]) -> None:
    """A trigram index on each column. ValueError with a sentence if the extension cannot be installed."""
    if not owner.execute_sql("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone():
        try:
            with owner.atomic():
                owner.execute_sql("CREATE EXTENSION pg_trgm")
        except pw.DatabaseError as refused:
            raise ValueError(NO_TRIGRAMS) from refused
    for name in columns:
        owner.execute_sql(
            f'CREATE INDEX IF NOT EXISTS "{table}_find_{name}" ON "{table}" USING gin ("{name}" gin_trgm_ops)'
        )


def orphans(owner: pw.Database) -> set[str]:
    """Tables with dangling foreign keys: none, the server enforces them."""
    return set()


def type_word(declared: str) -> str:
    """A column's type, normalised for comparison; with its length, which the server enforces."""
    name, bracket, length = declared.lower().replace(", ", ",").partition("(")
    return SERVERS_WORDS.get(name, name) + bracket + length


FUNCTIONS = ("refuse_change", "renew_token")  # of the triggers
REFUSE = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$"""


def trigger(name: str, table: str, act: str, when: str, sentence: str) -> list[str]:
    """The statements of a trigger that rejects UPDATE, DELETE or TRUNCATE (where `when` holds) with a sentence."""
    row = "STATEMENT" if act == "TRUNCATE" else "ROW"
    condition = f"WHEN ({when}) " if when and row == "ROW" else ""
    return [
        REFUSE,
        f'CREATE OR REPLACE TRIGGER "{name}" BEFORE {act} ON "{table}" FOR EACH {row} {condition}'
        f"EXECUTE FUNCTION refuse_change('{sentence}')",
    ]


RENEW = """CREATE OR REPLACE FUNCTION renew_token() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO "master_token" ("id", "token") VALUES (1, gen_random_uuid()::text)
ON CONFLICT ("id") DO UPDATE SET "token" = excluded."token"; RETURN NULL; END $$"""


def renewal(table: str) -> dict[str, list[str]]:
    """The statements of the trigger that replaces the token of `master_token` at each change of the table, by name."""
    acts = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
    trigger = (
        f'CREATE OR REPLACE TRIGGER "renew_{table}" AFTER {acts} ON "{table}" FOR EACH STATEMENT '
        "EXECUTE FUNCTION renew_token()"
    )
    return {f"renew_{table}": [RENEW, trigger]}
