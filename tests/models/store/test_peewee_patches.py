"""What stands in for peewee's methods writes the same words with fewer calls; fails first when a release differs."""

import ast
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office.people import Division
from models.store.base import all_models, database
from models.store.peewee_patches import PATCHES, ROWS, WRITTEN_FOR, Patch, has_index, reader_of, statements_that_make
from sop.clock import WIB
from sop.vocabulary import CLOSED
from tests.office import Office

MOMENT = datetime(2027, 2, 27, 9, tzinfo=WIB)


def statements() -> list[Any]:
    """Each shape in which fields stand: read, joined, renamed, counted, below another, changed, put in, removed."""
    other, ours = Complaint.alias(), Complaint
    below = other.select(other.id).where(other.unit == ours.unit, other.state == "raise")
    return [
        *(model.select().order_by(*model._meta.sorted_fields[:2]) for model in all_models()),
        ours.select(ours, other).join(other, on=(ours.id == other.duplicate_of)).where(pw.fn.LOWER(ours.title) == "a"),
        ours.select(ours.state, pw.fn.COUNT(ours.id).alias("n")).group_by(ours.state).having(pw.fn.COUNT(ours.id) > 1),
        ours.select().where(ours.id.in_(below) | ours.emergency).order_by(ours.id.desc()),
        ours.select().where(ours.id.in_(ours.select(ours.id).where(ours.number == "1"))),
        ours.select().where((ours.title == None) | (ours.closed_at != None) | ours.unit.is_null()),  # noqa: E711
        ours.select().where(ours.id.in_([]) | ours.id.not_in([]) | ours.id.in_([1, 2]) | ours.id.in_(pw.SQL("(1)"))),
        ours.select().where(ours.title.contains("a") & ~(ours.title == "b") & (ours.title ** "c%") & ours.emergency),
        ours.select().where(
            (ours.unit == ours.duplicate_of) & (ours.received_at > MOMENT) & (ours.received_at == MOMENT)
        ),
        ours.select((ours.version + 1).alias("next"), pw.Case(None, [(ours.emergency, 1)], ours.version * 2)),
        ours.select().where(
            pw.fn.EXISTS(below) & pw.Expression(ours.title, "MATCH", "a") & (ours.title.concat("x") == "y")
        ),
        ours.select(ours.id).union(other.select(other.id).where(other.state != "raise")).order_by(pw.SQL("1")),
        ours.update(version=ours.version + 1).where(ours.id == 1),
        ours.insert(title="a", version=1),
        ours.delete().where(ours.id == 1),
    ]


def calls_of_writing(asked: list[Any]) -> int:
    """How many functions are called to write these statements."""
    return calls_of(lambda: [one.sql() for one in asked])


def calls_of(work: Callable[[], object], times: int = 1) -> int:
    """How many functions are called by some work done so many times."""
    calls = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for _ in range(times):
            work()
    finally:
        sys.setprofile(before)
    return calls


of_each_patch = pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{patch.owner.__name__}.{patch.name}")


@of_each_patch
def test_every_statement_reads_as_peewee_writes_it(patch: Patch, office: Office) -> None:
    ours = [one.sql() for one in statements()]
    patch.remove()
    try:
        theirs = [one.sql() for one in statements()]
    finally:
        patch.install()
    assert theirs == ours


@of_each_patch
def test_without_a_patch_peewee_takes_more_calls_for_the_same_sql(patch: Patch, office: Office) -> None:
    of_a_page = Complaint.select().where(*(field == None for field in Complaint._meta.sorted_fields))  # noqa: E711
    asked = [of_a_page] * 10
    calls_of_writing(asked)  # what is made once is made by now
    ours = calls_of_writing(asked)
    patch.remove()
    try:
        theirs = calls_of_writing(asked)
    finally:
        patch.install()
    assert theirs > 1.05 * ours, f"peewee has become as short: {patch.owner.__name__}.{patch.name} may go"


def read_queries() -> list[Any]:
    """Rows of every table, and each way in which one row makes several instances: joined, left out, beside others."""
    ours, other, unit = Complaint, Complaint.alias(), Division.alias()
    outer = ours.select(ours, unit, other.number).left_outer_join(unit, on=(ours.unit == unit.id), attr="unit")
    return [
        *(model.select().order_by(*model._meta.get_primary_keys()) for model in all_models()),
        ours.select(ours, ours.number.alias("named"), (ours.version + 1).alias("next")).order_by(ours.id),
        ours.select(ours.number, ours.received_at).order_by(ours.id).tuples(),
        ours.select(ours.id).order_by(ours.id).tuples(),
        outer.switch(ours).left_outer_join(other, on=(other.id == ours.id + 1), attr="next").order_by(ours.id),
        outer.switch(ours).join(other, on=(other.id == ours.id), attr="same").order_by(ours.id),
        ours.select(ours.id, pw.fn.MAX(ours.received_at).alias("last")).group_by(ours.id).order_by(ours.id),
        Paper.select(Paper.kind, ours.number, unit.name).join(ours).left_outer_join(unit).order_by(Paper.id),
        ours.select(pw.fn.MAX(ours.received_at)).tuples(),
        ours.select(ours.number).order_by(ours.id).dicts(),
    ]


def read_by_peewee(queries: list[Any]) -> list[Any]:
    for patch in ROWS:
        patch.remove()
    try:
        return [contents_of(query) for query in queries]
    finally:
        for patch in ROWS:
            patch.install()


def contents_of(query: Any) -> list[Any]:
    query._cursor_wrapper = None  # else its rows are not read again
    return [contents(row) for row in query]


def contents(row: Any) -> Any:
    """All that a row of a query holds, with the types and order of its values and the instances joined to it."""
    if not isinstance(row, pw.Model):
        return row
    types = [(name, type(value)) for name, value in row.__data__.items()]  # in the order of their columns
    held = {name: contents(value) for name, value in vars(row).items() if name != "__rel__"}
    return type(row), types, held, {name: contents(value) for name, value in row.__rel__.items()}


def test_instances_are_as_peewee_makes_them(office: Office) -> None:
    office.bring(office.receive(2), CLOSED)
    office.receive(2)
    queries = read_queries()
    assert [contents_of(query) for query in queries] == read_by_peewee(queries)
    assert sum(len(query) > 1 for query in queries) > 30


def test_rows_are_read_as_by_the_query_that_its_reader_was_made_for(office: Office) -> None:
    readers = [reader_of(query, database.execute_sql(*query.sql())) for query in read_queries()]
    office.bring(office.receive(2), CLOSED)
    office.receive(2)
    for query, read in zip(read_queries(), readers, strict=True):
        rows = [read(row) for row in database.execute_sql(*query.sql())]
        assert [contents(row) for row in rows] == contents_of(query)


@pytest.mark.only("sqlite")
def test_a_value_of_another_type_than_its_column_s_is_read_as_peewee_reads_it(office: Office) -> None:
    [case] = office.receive()
    database.execute_sql("UPDATE complaint SET version = 2.0, title = 12, leg = 'x' WHERE id = ?", (case,))
    query = Complaint.select().where(Complaint.id == case)
    assert [contents_of(query)] == read_by_peewee([query])
    [row] = query
    assert (row.version, row.leg) == (2, "x")


@pytest.mark.parametrize("patch", ROWS, ids=lambda patch: patch.owner.__name__)
def test_without_a_patch_of_rows_peewee_takes_more_calls(patch: Patch, office: Office) -> None:
    office.receive(3)
    joined = Complaint.select(Complaint, Division).left_outer_join(Division)
    query: Any = joined if patch.owner is pw.ModelCursorWrapper else Complaint.select()
    wrapper = query._get_cursor_wrapper(database.execute_sql(*query.sql()))
    wrapper.initialize()
    row = wrapper.cursor.fetchone()
    peewee_s, of_ours = (calls_of(partial(read, wrapper, row), 10) for read in (patch.theirs, patch.ours))
    assert peewee_s > 2 * of_ours, "peewee has become as short: the patch of rows may go"


@pytest.mark.parametrize("patch", [*PATCHES, *ROWS], ids=lambda patch: f"{patch.owner.__name__}.{patch.name}")
def test_what_it_stands_in_for_is_peewee_s_own_and_it_is_installed(patch: Patch) -> None:
    assert patch.theirs.__module__ == "peewee"
    assert vars(patch.owner)[patch.name] is patch.ours
    assert patch.reason


def test_an_index_is_known_by_the_column_that_it_begins_with() -> None:
    named = {model: [field.name for field in model._meta.sorted_fields if has_index(field)] for model in all_models()}
    assert "kind" in named[Paper]
    assert {"state", "received_at", "unit"} <= {*named[Complaint]}
    assert not {"title", "version", "story"} & {*named[Complaint]}
    assert "emergency" not in named[Complaint], "its index has only rows of open cases"


def test_the_patches_were_looked_at_for_the_release_that_is_installed() -> None:
    assert pw.__version__ == WRITTEN_FOR, "look at what PATCHES replace, then raise WRITTEN_FOR"


def test_nothing_else_in_the_panel_replaces_a_part_of_peewee() -> None:
    house = Path(__file__).resolve().parents[3]
    files = [file for floor in ("models", "papers", "admin", "sop") for file in (house / floor).rglob("*.py")]
    assert [str(file.relative_to(house)) for file in files if replaces_peewee(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "import peewee as pw\npw.Field.__sql__ = f",
        "import peewee\nsetattr(peewee.Model, 'save', f)",
        "import playhouse.pool as p\np.X = f",
    ],
)
def test_each_way_of_replacing_a_part_of_peewee_is_seen(text: str) -> None:
    assert replaces_peewee(text)


def replaces_peewee(text: str) -> bool:
    """Whether a module gives peewee, playhouse or one of their classes another attribute, by its name for them."""
    tree = ast.parse(text)
    theirs = {
        name.asname or name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
        if (getattr(node, "module", None) or name.name).partition(".")[0] in ("peewee", "playhouse")
    }
    changed = [
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    ]
    changed += [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr"
    ]
    return any(_root(target) in theirs for target in changed)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def test_the_statements_that_make_a_table_and_its_indexes_are_peewees_own() -> None:
    statements = statements_that_make(pw.SqliteDatabase(":memory:"), Division)
    assert statements[0].startswith('CREATE TABLE IF NOT EXISTS "division"')
    assert all(one.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")) for one in statements[1:])
