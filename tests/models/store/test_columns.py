"""Columns are written as peewee would write them, wherever a statement names them."""

from typing import Any

import peewee as pw
import pytest

from models.store.base import all_models
from models.tables.complaint import Complaint
from tests.office import Office


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
        ours.update(version=ours.version + 1).where(ours.id == 1),
        ours.insert(title="a", version=1),
        ours.delete().where(ours.id == 1),
    ]


def test_every_statement_reads_as_peewee_writes_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    short = [one.sql() for one in statements()]
    monkeypatch.setattr(pw.Field, "__sql__", lambda field, context: context.sql(field.column))
    assert [one.sql() for one in statements()] == short
