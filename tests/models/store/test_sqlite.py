"""SQLite's connections go from one request to the next, and take nothing along that belongs to the one before."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from peewee import sqlite3
from playhouse.pool import PooledSqliteDatabase

from models.complaint.complaint import Complaint
from models.store import sqlite
from models.store.base import database
from tests.office import Office, copied

pytestmark = pytest.mark.only("sqlite")
T = TypeVar("T")


def test_a_connection_is_used_again(office: Office) -> None:
    before = database.connection()
    database.close()
    database.connect()
    assert database.connection() is before


@pytest.mark.parametrize("readers", [1, 2])
def test_what_was_half_read_shows_the_next_one_nothing_of_the_past(office: Office, readers: int) -> None:
    office.receive(3)
    half_read = [database.execute_sql('SELECT "id" FROM "complaint"') for _ in range(readers)]
    for each in half_read:
        each.fetchone()
    database.close()
    with closing(sqlite3.connect(office.path)) as other:
        other.execute("UPDATE complaint SET title = 'kini'")
        other.commit()
    database.connect()
    assert {case.title for case in Complaint.select()} == {"kini"}


def test_a_cursor_of_a_request_that_has_ended_makes_no_row_come_twice_in_the_next(office: Office) -> None:
    sql = 'SELECT "id", "name" FROM "kelurahan"'
    before = [database.execute_sql(sql)]
    before[0].fetchone()
    database.close()
    database.connect()
    reading = database.execute_sql(sql)
    rows = [reading.fetchone(), reading.fetchone()]
    before.clear()
    rows += reading.fetchall()
    assert len(rows) == len({*rows}) > 2


def test_another_file_in_the_place_of_the_first_is_the_one_that_is_asked(office: Office, template: Path) -> None:
    office.receive(3)
    assert Complaint.select().count() == 3
    database.close()
    put_in_its_place(office, template)
    database.connect()
    assert Complaint.select().count() == 0


def put_in_its_place(office: Office, template: Path) -> None:
    """Another file, of an office without cases, at the path of the office's."""
    for side_file in office.path.parent.glob(f"{office.path.name}-*"):
        side_file.unlink()
    other = office.path.parent / "other"
    other.mkdir()
    shutil.move(copied(template, other), office.path)


def elsewhere(ask: Callable[[], T]) -> T:
    """What another thread is answered on a connection of its own."""

    def asked() -> T:
        with database.connection_context():
            return ask()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asked).result()


def test_no_connection_opens_the_former_file_while_its_last_reader_closes(
    office: Office, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.receive(3)
    put_in_its_place(office, template)
    cases = Complaint.select().count
    met = [elsewhere(cases)]
    leave = PooledSqliteDatabase.close

    def left(pool: PooledSqliteDatabase) -> bool:
        gone = leave(pool)
        if len(met) == 1:
            met.append(-1)
            met[-1] = elsewhere(cases)
        return bool(gone)

    monkeypatch.setattr(PooledSqliteDatabase, "close", left)
    database.close()
    assert met == [0, 0]


def test_an_unfinished_transaction_ends_with_its_request(office: Office) -> None:
    database.execute_sql("BEGIN IMMEDIATE")
    database.execute_sql("UPDATE complaint SET version = version")
    database.close()
    assert elsewhere(lambda: len(office.receive())) == 1
    database.connect()
    assert Complaint.select().count() == 1


def test_a_statement_with_a_limit_is_prepared_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []
    real = sqlite.authorizer

    def counting(append_only: frozenset[str]) -> object:
        judge = real(append_only)
        return lambda action, *rest: judged.append(action) or judge(action, *rest)

    monkeypatch.setattr(sqlite, "authorizer", counting)
    database.close_all()  # the next connection gets the counting authorizer
    query = Complaint.select().where(Complaint.state == "raise").order_by(Complaint.id)
    for times in range(2):
        judged.clear()
        assert [*query.clone().limit(3)] == []
        assert query.clone().first() is None
        assert bool(judged.count(sqlite.sqlite3.SQLITE_READ)) is (times == 0)
