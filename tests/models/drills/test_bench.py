"""The bench measures what it says: all are approved in one advance, and the same rows are written again by hand."""

import peewee as pw
from peewee import sqlite3

from bench import advance
from models.records.registry import RECORDS
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
    assert [rows(ours, table) for table in tables] == [rows(raw, table) for table in tables]
    assert len(rows(ours, "approval")) == 3


def rows(path, table):
    connection = sqlite3.connect(path)
    rows = connection.execute(f'SELECT * FROM "{table}" ORDER BY id').fetchall()
    connection.close()
    return rows


def test_the_bench_leaves_the_connection_as_it_was(tmp_path):
    template, ids = advance.prepared(tmp_path, 1)
    advance.advanced(template, ids)
    assert pw.SqliteDatabase.cursor
    assert advance.measure(1, 1)[0] > 0
