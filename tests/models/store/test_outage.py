"""Which errors of the two databases pass by themselves, each as the database itself raises it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import peewee as pw
import psycopg
import pytest
from peewee import sqlite3

from models.complaint.complaint import Complaint
from models.store import base, outage, postgres
from models.store.base import database
from models.store.outage import Outage, outage_of
from tests import postgres as servers
from tests.office import outside, url_of


def fault_of(sql: str, *, on: pw.Database | None = None) -> BaseException:
    """What a statement raises, as the panel meets it."""
    with pytest.raises(outage.DATABASE_ERRORS) as raised:
        (on or database).execute_sql(sql).fetchall()
    if not database.in_transaction():
        with contextlib.suppress(*outage.DATABASE_ERRORS):
            database.rollback()
    return raised.value


@pytest.fixture
def locked(office) -> Iterator[None]:
    """Somebody else has just changed a case and is not done yet."""
    office.receive()
    with outside(office.path) as other:
        other.execute("BEGIN")
        other.execute("UPDATE complaint SET version = version + 1")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing FROM complaint",
        "SELECT 1 FROM nowhere",
        "NO SQL AT ALL",
        "UPDATE event SET who = 'x'",  # denied
        "INSERT INTO complaint (id) VALUES (NULL)",
    ],
)
def test_a_fault_of_ours_is_no_outage(office, sql):
    assert outage_of(fault_of(sql)) is None


def test_no_error_of_something_else_is_an_outage():
    for fault in (None, KeyError("locked"), OSError("disk is full"), Complaint.DoesNotExist()):
        assert outage_of(fault) is None


@pytest.mark.only("sqlite")
def test_a_lock_on_the_file_is_busy(locked, monkeypatch):
    database.connection().set_busy_handler(None)
    assert outage_of(fault_of("BEGIN IMMEDIATE")) is Outage.BUSY


@pytest.mark.only("sqlite")
def test_a_file_that_may_not_grow_is_full(office):
    with sqlite3.connect(office.path, isolation_level=None) as small:
        small.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as raised:
            small.execute("CREATE TABLE large AS SELECT zeroblob(9000000)")
    assert outage_of(raised.value) is Outage.FULL


@pytest.mark.only("sqlite")
def test_a_file_that_only_reads_is_full(office):
    reading = pw.SqliteDatabase(f"file:{office.path}?mode=ro", uri=True)
    assert outage_of(fault_of("DELETE FROM holiday", on=reading)) is Outage.FULL
    reading.close()


def test_a_file_that_is_not_there_is_away(tmp_path: Path):
    with pytest.raises(pw.OperationalError) as raised:
        pw.SqliteDatabase(tmp_path / "no" / "such" / "file").connect()
    assert outage_of(raised.value) is Outage.AWAY


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_a_wait_for_a_row_that_takes_too_long_is_busy(locked, limit):
    with database.atomic() as transaction:
        database.execute_sql(f"SET LOCAL {limit} = '50ms'")
        assert outage_of(fault_of("UPDATE complaint SET version = 7 RETURNING id")) is Outage.BUSY
        transaction.rollback()


@pytest.mark.only("postgresql")
def test_a_transaction_taken_back_for_another_s_sake_is_busy(office):
    office.receive()
    mine = pw.PostgresqlDatabase(url_of(office.path), prefer_psycopg3=True, isolation_level=3)
    with mine.connection_context(), outside(office.path) as other:
        with mine.atomic() as transaction:
            mine.execute_sql("SELECT version FROM complaint").fetchall()
            other.execute("UPDATE complaint SET version = version + 1")
            assert outage_of(fault_of("UPDATE complaint SET version = 7 RETURNING id", on=mine)) is Outage.BUSY
            transaction.rollback()


@pytest.mark.only("postgresql")
def test_a_pool_that_is_used_up_is_busy(office, monkeypatch):
    database.close_all()
    monkeypatch.setattr(database.obj, "_max_connections", -1)
    monkeypatch.setattr(database.obj, "_wait_timeout", 0.01)
    database.obj.close_all()
    with pytest.raises(pw.OperationalError) as raised:
        database.connect()
    assert outage_of(raised.value) is Outage.BUSY


@pytest.mark.only("postgresql")
def test_a_connection_that_was_ended_is_away(office):
    with servers.server().boss() as boss:
        [mine] = database.execute_sql("SELECT pg_backend_pid()").fetchone()
        boss.execute("SELECT pg_terminate_backend(%s, 5000)", (mine,))
    assert outage_of(fault_of("SELECT 1")) is Outage.AWAY


@pytest.mark.only("postgresql")
def test_a_server_that_is_not_there_is_away(office, tmp_path: Path):
    unreachable = postgres.app_database(f"postgresql://panel@/x?host={tmp_path}", base.append_only_tables)
    with pytest.raises(pw.OperationalError) as raised:
        unreachable.connect()
    assert outage_of(raised.value) is Outage.AWAY


@pytest.mark.parametrize(
    ("error", "meant"),
    {
        psycopg.errors.DiskFull: Outage.FULL,
        psycopg.errors.DeadlockDetected: Outage.BUSY,
        psycopg.errors.TooManyConnections: Outage.BUSY,
        psycopg.errors.IdleInTransactionSessionTimeout: Outage.BUSY,
        psycopg.errors.CannotConnectNow: Outage.AWAY,
        psycopg.errors.CrashShutdown: Outage.AWAY,
        psycopg.errors.IoError: Outage.AWAY,
        psycopg.errors.ReadOnlySqlTransaction: Outage.FULL,
        psycopg.errors.InsufficientPrivilege: None,
        psycopg.errors.UniqueViolation: None,
        psycopg.errors.InternalError_: None,
        psycopg.ProgrammingError: None,
    }.items(),
)
def test_an_error_that_no_test_can_cause_is_recognised_by_its_code(error, meant):
    assert outage_of(error("said")) is meant
    assert outage_of(pw.OperationalError(error("said"))) is meant
