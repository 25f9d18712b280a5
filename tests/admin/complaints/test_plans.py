"""No page reads a growing table whole: every statement of every list, in every order, as every person, by its plan."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from admin.lists import listing
from bench import pages
from bench.office import fill
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.reading.desk import steps_of_desk
from models.records.registry import RECORDS
from models.store.base import Model, all_models, database
from tests.admin.complaints import postgres_plans as plans
from tests.office import PEOPLE, Office, worked

OTHERS = sorted(PEOPLE.keys() - {"kadis"})  # by day he is asked, who sees most, as everybody is by night
NOTHING = re.compile(r"\(0 = 1\)")  # asked of no row at all: the database answers without looking
OF_NO_ROW = re.compile(r" \((?!rowid|complaint_id|paper_id)\w+=\?\)$")
SEARCHES = (
    "bantuan",
    "bantuan+siti",
    "rt",
    "pembantuannya",
    "bantusn",
    "081234567890",
    "zebrakuda",
    "jl.mawar+no.7+rt.3/5",
)
SORTED_WHOLE = "USE TEMP B-TREE FOR ORDER BY"


def growing_tables() -> set[str]:
    """What hangs on cases or on their papers, and the cases."""
    hanging = [m for m in all_models(Model) if {"complaint", "paper", "case"} & m._meta.fields.keys()]
    assert {Paper, *RECORDS.values()} <= set(hanging)
    return {model._meta.table_name for model in (Complaint, *hanging)}


def addresses(app: Any) -> Iterator[str]:
    """Start page, recap, the desk's queues, searches; each list: its first page and its last, in each order offered."""
    searches = (*(f"/cari/?q={words}" for words in SEARCHES), "/pengaduan/?search=bantuan")
    yield from ("/", "/rekapitulasi/", *(f"/meja/{step.key}/" for step in steps_of_desk()), *searches)
    for view in pages.lists(app):
        names = [name for name, _ in view.get_list_columns()]
        orders = [f"?sort={place}&desc={desc}" for place, n in enumerate(names) if view.is_sortable(n) for desc in "01"]
        yield from (f"{view.url}/{asked}" for asked in ("", "?sebelum=akhir", *orders))


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of everything, so that every page asks all that it ever asks."""
    return worked(template, tmp_path_factory.mktemp("begun"), fill)


@pytest.mark.slow("opens every list in every order as everybody")
@pytest.mark.parametrize("counted", [1_000, 2], ids=["counted", "uncounted"])
@pytest.mark.nightly(counted=[1_000])  # pages that are not counted ask more of it
@pytest.mark.nightly(engine=["postgresql"], username=OTHERS)
@pytest.mark.nightly(username=["petugas2", "bidang.rehsos", "bidang.ppa"])  # another of the same role is asked for them
@pytest.mark.parametrize("username", PEOPLE)
def test_no_page_reads_or_sorts_a_growing_table_whole(
    at, panel, office, engine, monkeypatch, username: str, counted: int
) -> None:
    visitor, sent, growing = at(username), {}, growing_tables()
    monkeypatch.setattr(listing, "COUNTED", counted)
    real = pw.Database.execute_sql

    def keep(self: pw.Database, sql: str, params: Any = None) -> Any:
        sent.setdefault(sql, params)
        return real(self, sql, params)

    with monkeypatch.context() as patch:
        patch.setattr(pw.Database, "execute_sql", keep)
        for address in addresses(panel):
            visitor.get(address)
    assert len(sent) > 20
    whole = reads_whole
    if engine == "postgresql":
        whole, growing = plans.reads_whole, plans.pretend_to_be_large(office.path, growing)
    assert not [sql for sql, params in sent.items() if whole(sql, params, growing)]


def reads_whole(sql: str, params: Any, growing: set[str]) -> bool:
    """Whether the plan goes through a growing table without a limit, or to sort it, or asks of each row
    anew what is many and does not hang on that row."""
    if not sql.startswith("SELECT") or NOTHING.search(sql):
        return False
    aliases = {alias for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql) if table in growing}
    plan = [row[-1] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
    if any(before.startswith("CORRELATED") and is_of_no_row(line, aliases) for before, line in pairwise(plan)):
        return True
    scanned = any(line.startswith(f"SCAN {alias}") for line in plan for alias in aliases)
    return scanned and ("LIMIT" not in sql or SORTED_WHOLE in plan)


def is_of_no_row(line: str, aliases: set[str]) -> bool:
    """Whether a growing table is searched by one column that is no key of a row nor of the case that it hangs on."""
    return any(line.startswith(f"SEARCH {alias} ") for alias in aliases) and bool(OF_NO_ROW.search(line))


@pytest.mark.only("postgresql")
@pytest.mark.parametrize(
    ("sql", "whole"),
    [
        ('SELECT COUNT(*) FROM "complaint"', True),
        ('SELECT "id" FROM "complaint" ORDER BY "story" LIMIT 20', True),
        ('SELECT "id" FROM "complaint" WHERE "story" = \'a\'', True),
        ('SELECT "id" FROM "complaint" WHERE "id" IN (SELECT "complaint_id" FROM "event" WHERE "who" = \'a\')', True),
        ('SELECT "id" FROM "complaint" ORDER BY "id" LIMIT 20', False),
        ('SELECT "id" FROM "complaint" WHERE "number" = \'a\'', False),
        ('SELECT "id" FROM "event" WHERE "complaint_id" = 3 ORDER BY "id"', False),
    ],
)
def test_on_postgresql_a_reading_of_the_whole_is_noticed(office: Office, sql: str, whole: bool) -> None:
    large = plans.pretend_to_be_large(office.path, growing_tables())
    assert {"complaint", "event"} <= large
    assert plans.reads_whole(sql, None, large) is whole
