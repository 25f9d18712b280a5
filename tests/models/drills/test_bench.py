"""The bench measures what it says: all are approved in one advance, and the same rows are written again by hand."""

import peewee as pw
import pytest
from peewee import sqlite3

from bench import advance, rows
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.number import Number
from models.records.registry import RECORDS
from models.store.base import database
from models.workflow.proof import broken_rows
from tests.office import copied


def test_the_recorded_statements_write_what_the_advance_wrote(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "raw").mkdir()
    template, ids = advance.prepared(tmp_path, 3)
    ours, raw = (copied(template, tmp_path / name) for name in ("ours", "raw"))
    taken, statements = advance.advanced(ours, ids)
    assert taken > 0
    assert advance.replayed(raw, statements) > 0
    tables = ("complaint", "event", "paper", "run", RECORDS["approval"]._meta.table_name)
    assert [rows_of(ours, table) for table in tables] == [rows_of(raw, table) for table in tables]
    assert len(rows_of(ours, "approval")) == 3


def rows_of(path, table):
    connection = sqlite3.connect(path)
    listed = connection.execute(f'SELECT * FROM "{table}" ORDER BY id').fetchall()
    connection.close()
    return listed


def test_the_bench_leaves_the_connection_as_it_was(tmp_path):
    template, ids = advance.prepared(tmp_path, 1)
    advance.advanced(template, ids)
    assert pw.SqliteDatabase.cursor
    assert advance.measure(1, 1)[0] > 0


@pytest.mark.only("sqlite")
def test_multiplied_cases_are_as_whole_as_those_that_were_copied(office):
    office.bring(office.receive(2), "closed")
    office.receive()
    with rows.in_a_hurry():
        rows.multiply(9, open_share=0.5)
    cases = list(Complaint.select())
    assert len({case.number for case in cases}) == len({case.public_id for case in cases}) == 12
    assert {case.state for case in cases} == {"closed", "raise"}
    entries, broken = event.verify()
    assert entries == Event.select().count() > 12
    assert not broken
    assert not [*broken_rows()]
    assert not database.execute_sql("PRAGMA foreign_key_check").fetchall()
    for series in {number.series for number in Number.select()}:
        places = sorted((n.year, n.place) for n in Number.select().where(Number.series == series))
        assert len(places) == len({*places})
