"""A condition that is written once reads in each statement as it would have been built there, with fewer calls."""

import re
from typing import Any

import peewee as pw

from models.complaint.complaint import Addressee, Complaint, is_addressed
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.store.peewee_patches import WrittenCondition
from tests.models.store.test_peewee_patches import calls_of_writing
from tests.office import Office

PLAIN = is_addressed(Addressee.division.in_([1, 2])) | (Complaint.unit == 3)


def statements(where: Any) -> list[Any]:
    """Where the condition's table is the first of a statement, the second, below another, and changed."""
    exists = pw.fn.EXISTS(Complaint.select(Complaint.id).where((Complaint.id == Paper.complaint) & where))
    return [
        Complaint.select(Complaint.id).where(where & (Complaint.state == "raise")),
        Complaint.select(Complaint.id).where(~where | (Complaint.version > 1)),
        Paper.select(Paper.id).where((Paper.kind == "form") & exists),
        Paper.select(Paper.id).join(Complaint).where(where),
        Complaint.update(version=2).where(Complaint.id.in_(Complaint.select(Complaint.id).where(where))),
    ]


def renumbered(sql: str) -> str:
    """The statement with its tables numbered as they come."""
    known: dict[str, str] = {}
    return re.sub(r"\bt\d+\b", lambda name: known.setdefault(name[0], f"t{len(known) + 1}"), sql)


def test_it_reads_in_each_statement_as_it_is_built_there(office: Office) -> None:
    built = [statement.sql() for statement in statements(PLAIN)]
    once = WrittenCondition(Complaint, PLAIN)
    for _ in range(2):
        for statement, (sql, parameters) in zip(statements(once), built, strict=True):
            text, own = statement.sql()
            assert (renumbered(text), own) == (renumbered(sql), parameters)
            assert len({*re.findall(r' AS "(t\d+)"', text)}) == len({*re.findall(r' AS "(t\d+)"', sql)})


def test_it_holds_for_the_same_rows_in_a_column(office: Office) -> None:
    office.bring(office.receive(2)[:1], "dispose")
    raised = Event.select(Event.id).where((Event.complaint == Complaint.id) & (Event.act == "raise"))
    once = WrittenCondition(Complaint, pw.fn.EXISTS(raised))
    for _ in range(2):
        column = Complaint.select(pw.Case(None, [(once, 1)], 0)).where(once | ~once).order_by(Complaint.id)
        assert [holds for (holds,) in column.tuples()] == [1, 0]


def test_the_second_statement_takes_fewer_calls(office: Office) -> None:
    once = WrittenCondition(Complaint, PLAIN)
    query = Complaint.select(Complaint.id).where(once)
    assert calls_of_writing([query]) > 2 * calls_of_writing([query])
