"""SQLite's connections go from one request to the next, and take nothing along that belongs to the one before."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from peewee import sqlite3

from models.store.base import database
from models.tables.complaint import Complaint
from tests.office import Office, copied

pytestmark = pytest.mark.only("sqlite")


def test_a_connection_is_used_again(office: Office) -> None:
    before = database.connection()
    database.close()
    database.connect()
    assert database.connection() is before


def test_what_was_half_read_shows_the_next_one_nothing_of_the_past(office: Office) -> None:
    office.receive(3)
    half_read = database.execute_sql('SELECT "id" FROM "complaint"')
    half_read.fetchone()
    database.close()
    with closing(sqlite3.connect(office.path)) as other:
        other.execute("UPDATE complaint SET title = 'kini'")
        other.commit()
    database.connect()
    assert {case.title for case in Complaint.select()} == {"kini"}


def test_another_file_in_the_place_of_the_first_is_the_one_that_is_asked(office: Office, template: Path) -> None:
    office.receive(3)
    assert Complaint.select().count() == 3
    database.close()
    for beside in office.path.parent.glob(f"{office.path.name}-*"):
        beside.unlink()
    other = office.path.parent / "other"
    other.mkdir()
    shutil.move(copied(template, other), office.path)
    database.connect()
    assert Complaint.select().count() == 0
