"""To whom papers were brought for a signature, by which Daftar Pengantar, and which of them are still out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import peewee as pw

from models.complaint.number import Number
from models.complaint.paper import NamedSigner, Paper, PaperToSign
from models.office.people import User
from models.store import prepared
from models.store.base import Model, Moment, exists_by_row, insert_rows


class PaperTaken(Model):
    """A paper brought to a signer, by the Daftar Pengantar with this number; lists from before this table have none."""

    append_only = True
    proof = "Dokumen yang dibawa"
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="takings", index=False)
    number = pw.ForeignKeyField(Number, on_delete="RESTRICT", index=False)
    role = pw.CharField(max_length=40)
    person = pw.ForeignKeyField(User, on_delete="RESTRICT", null=True, index=False)  # NULL: no account
    at = Moment()

    class Meta:
        indexes = ((("number", "paper", "role"), True), (("paper", "role"), False))


class PaperOut(Model):
    """The queue of papers that are out: one row for each signature that a paper was brought to, since the first time,
    until it is marked. `is_out` selects those that are pending: a paper that a later one replaced keeps its row until
    the next mark on its case."""

    in_digest = False
    paper = pw.ForeignKeyField(Paper, on_delete="RESTRICT", backref="out", index=False)
    role = pw.CharField(max_length=40)
    person = pw.ForeignKeyField(User, on_delete="RESTRICT", null=True, index=False)
    at = Moment()

    class Meta:
        primary_key = pw.CompositeKey("paper", "role")
        indexes = ((("at", "paper"), False), (("person", "at"), False))


def record_taken(number: int, papers: Mapping[Paper, NamedSigner], at: datetime) -> bool:
    """Record to whom the Daftar Pengantar of this number brings papers; False if that is recorded already.

    Call inside the transaction that issues it.
    """
    if PaperTaken.select().where(PaperTaken.number == number).exists():
        return False
    rows = [
        {"paper": paper.id, "number": number, "role": role, "person": person, "at": at}
        for paper, (role, person) in papers.items()
    ]
    insert_rows(PaperTaken, rows)
    renew_papers_out(paper.complaint_id for paper in papers)
    return True


def renew_papers_out(complaints: Iterable[int]) -> None:
    """Rewrite the queue of papers that are out, for the papers of these cases.

    Call inside the transaction that brings, voids, signs or unsigns one of them, after `queue_for_signatures`.
    """
    cases = set(complaints)
    prepared.run_fixed("remove papers out", _removal, cases)
    prepared.run_fixed("papers out", _papers_out, cases)


def _removal() -> Any:
    of_cases = Paper.select(Paper.id).where(prepared.is_given(Paper.complaint))
    return PaperOut.delete().where(PaperOut.paper.in_(of_cases))


def _papers_out() -> Any:
    pending = (PaperToSign.paper == PaperTaken.paper) & (PaperToSign.role == PaperTaken.role)
    taken = PaperTaken.select(PaperTaken.paper, PaperTaken.role, PaperToSign.person, pw.fn.MIN(PaperTaken.at))
    taken = taken.join(PaperToSign, on=pending).join_from(PaperTaken, Paper)
    out = taken.where(prepared.is_given(Paper.complaint))
    groups = out.group_by(PaperTaken.paper, PaperTaken.role, PaperToSign.person)
    return PaperOut.insert_from(groups, [PaperOut.paper, PaperOut.role, PaperOut.person, PaperOut.at])


def is_out() -> pw.Expression:
    """Condition on `PaperOut`: the paper is in force and still lacks this signature."""
    pending = (PaperToSign.paper == PaperOut.paper) & (PaperToSign.role == PaperOut.role)
    return exists_by_row(PaperToSign.select(pw.SQL("1")).where(pending))
