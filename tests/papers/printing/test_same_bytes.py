"""Issued papers are permanent: no write changes a paper, its print or its marks, and its bytes stay the same."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import peewee as pw
import psycopg
import pytest
from peewee import sqlite3

from models.complaint.paper import Paper, PaperCode, PaperFiled, PaperHand, PaperSigned, PaperVoid, Print
from models.schema import guards
from models.store.base import Model, database
from models.workflow import marks
from papers.layout import page
from papers.printing import press
from papers.printing.printer import Printer
from sop.vocabulary import CLOSED
from tests.office import Office, opened, outside
from tests.patience import LONGEST

INSERT_ONLY: tuple[type[Model], ...] = (Paper, PaperCode, PaperHand, Print, PaperVoid, PaperSigned, PaperFiled)
ROOT = Path(__file__).resolve().parents[3]
Way = Callable[[], object]


@pytest.fixture
def issued(office: Office) -> list[Paper]:
    """The papers of a finished case, with a row of each kind for them."""
    office.bring(office.receive(), CLOSED)
    papers, who = list(Paper.select().order_by(Paper.id)), office["petugas"]
    first = papers[0]
    Print.create(paper=first, sha256="a" * 64, path="aa/a", size=1, pages=1, printed_at=office.at)
    PaperVoid.create(paper=papers[-1], reason="Salah", by=who, at=office.at)
    marks.sign([first], by=who, on=office.at.date(), at=office.at)
    marks.file([first], by=who, place="Rak 2", at=office.at)
    return papers


def rows() -> dict[str, list[Any]]:
    found = {}
    for model in INSERT_ONLY:
        key = model._meta.primary_key.column_name
        table = model._meta.table_name
        found[table] = [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in database.execute_sql(f'SELECT * FROM "{table}" ORDER BY "{key}"')
        ]
    return found


def by_statement(model: type[Model], execute: Callable[[str], Any]) -> Iterator[tuple[str, Way]]:
    """UPDATE, DELETE, an upsert and emptying the table, in plain SQL."""
    table, key = model._meta.table_name, model._meta.primary_key.column_name
    columns = [field.column_name for field in model._meta.sorted_fields]
    other = next(name for name in columns if name != key)
    listed = ", ".join(f'"{name}"' for name in columns)
    upsert = f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}" WHERE true ON CONFLICT ("{key}") '
    for name, sql in {
        "UPDATE": f'UPDATE "{table}" SET "{other}" = "{other}"',
        "DELETE": f'DELETE FROM "{table}"',
        "upsert": f'{upsert} DO UPDATE SET "{other}" = excluded."{other}"',
    }.items():
        yield f"{table}: {name}", lambda sql=sql: execute(sql)  # type: ignore[misc]


def by_model(model: type[Model]) -> Iterator[tuple[str, Way]]:
    """The ways that Peewee offers, each with a value that is not there yet."""
    row = model.select().first()
    texts = (f for f in model._meta.sorted_fields if isinstance(f, pw.CharField))
    field = next(f for f in texts if f.name in ("reason", "place", "number", "path", "role", "about"))

    def changed() -> Any:
        setattr(row, field.name, "lain")
        return row

    ways: dict[str, Way] = {
        "update": lambda: model.update({field: "lain"}).execute(),
        "delete": lambda: model.delete().execute(),
        "save": lambda: changed().save(),
        "bulk_update": lambda: model.bulk_update([changed()], [field]),
        "delete_instance": lambda: row.delete_instance(),
    }
    if isinstance(database.obj, pw.SqliteDatabase):  # Peewee has no such thing for PostgreSQL
        ways["replace"] = lambda: model.insert(**row.__data__).on_conflict("replace").execute()
    yield from ((f"{model.__name__}: {name}", way) for name, way in ways.items())


def refused(way: Way) -> bool:
    try:
        with database.atomic():
            way()
    except pw.DatabaseError as said:
        return re.search("not authorized|permission denied|tidak dapat diubah", str(said)) is not None
    return False


def test_no_way_of_writing_changes_an_issued_paper(office: Office, issued: list[Paper]) -> None:
    before, ways = rows(), []
    for model in INSERT_ONLY:
        ways += [*by_statement(model, database.execute_sql), *by_model(model)]
    assert len(ways) >= 20
    assert [name for name, way in ways if not refused(way)] == []
    assert rows() == before


def test_the_triggers_refuse_it_even_to_the_tables_owner(office: Office, issued: list[Paper]) -> None:
    before = rows()
    with outside(office.path) as raw:
        for model in INSERT_ONLY:
            sentences = "|".join({sentence for _, _, sentence in guards(model)})
            for _, way in by_statement(model, raw.execute):
                with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match=sentences):
                    way()
    assert rows() == before


READER = """
import hashlib, sys
from models.complaint.paper import Print
from papers.layout import page
from papers.printing import press
from pathlib import Path
from tests.office import opened
page._environment = None  # laying a page out anew would fail here
with opened(Path(sys.argv[1])):
    print(*(f"{row.paper_id}:{hashlib.sha256(press.pdf_of(row.paper_id)).hexdigest()}" for row in Print.select()))
"""


@pytest.mark.slow("prints in processes of its own")
@pytest.mark.only("sqlite")
def test_a_hundred_of_a_hundred_readings_give_the_same_bytes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.bring(office.receive(), CLOSED)
    press.print_queued(100)
    first = {row.paper_id: row.sha256 for row in Print.select()}
    same: list[bool] = []

    def read() -> None:
        same.extend(hashlib.sha256(press.pdf_of(paper)).hexdigest() == first[paper] for paper in first)

    def other(*_: object) -> bytes:
        raise AssertionError("a printed paper is not set again")

    read()
    monkeypatch.setattr(page, "_environment", other)  # another template, another library: nothing is asked of them
    monkeypatch.setattr(Printer, "pdf", other)
    while len(same) < 84:
        with opened(office.path):  # as after a restart
            read()
    for _ in range(3):
        words = [sys.executable, "-c", READER, str(office.path)]
        output = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True, timeout=LONGEST).stdout
        same += [first[int(paper)] == sha for paper, _, sha in (one.partition(":") for one in output.split())]
    assert len(same) >= 100
    assert same.count(False) == 0
