"""Statements are written as peewee would write them; the first to fail when a release of it writes them otherwise."""

from datetime import datetime
from typing import Any

import peewee as pw
import pytest

from models.complaint.complaint import Complaint
from models.store.base import all_models
from models.store.statements import peewee_writes
from sop.clock import WIB
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


def test_every_statement_reads_aspeewee_writes_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    short = [one.sql() for one in statements()]
    monkeypatch.setattr(pw.Field, "__sql__", lambda field, context: context.sql(field.column))
    monkeypatch.setattr(pw.Expression, "__sql__", peewee_writes)
    monkeypatch.setattr(pw.AliasManager, "__getitem__", pw.AliasManager.get)
    assert [one.sql() for one in statements()] == short
