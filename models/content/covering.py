"""What a Daftar Pengantar says: which papers go out to be signed, grouped by whose hand they wait for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

import peewee as pw

from models.case.discretion import is_secret, openly
from models.content.unkept import frame
from models.office.people import User, posts_by_unit, signatory, title_of
from models.store.base import Columns
from models.store.seal import Seal
from models.tables.complaint import Complaint
from models.tables.event import open_seals
from models.tables.paper import Content, Paper, PaperToSign, signers_of
from sop.clock import WIB
from sop.flow import PAPERS
from sop.signers import is_carried

KEY, TITLE = "daftar_pengantar", "Daftar Pengantar"
CLOSED = "Rahasia – dalam amplop tertutup"
NONE = f"Tidak ada yang perlu ditandatangani di antara dokumen yang dipilih, jadi tidak ada {TITLE}."
Hand = tuple[str, str]  # name and title of whom a paper is brought to


class CoverGroup(TypedDict):
    """What is brought to one person, as titled on the papers: a line each."""

    signer: str
    post: str
    closed: bool
    rows: list[dict[str, str]]


def to_sign(papers: Iterable[Paper], hands: pw.Expression | None = None) -> dict[Paper, list[str]]:
    """Those of the papers that wait for a hand that they are brought to, each with the roles that it lacks; of
    these hands alone, if some are asked for."""
    by_id = {paper.id: paper for paper in papers}
    rows = PaperToSign.select(PaperToSign.paper, PaperToSign.role).where(PaperToSign.paper.in_(list(by_id)))
    lacking: dict[Paper, list[str]] = {}
    for number, word in (rows if hands is None else rows.where(hands)).tuples():
        if is_carried(word):
            lacking.setdefault(by_id[number], []).append(word)
    return {paper: lacking[paper] for paper in by_id.values() if paper in lacking}


def covering(papers: dict[Paper, list[str]], *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the covering list of these papers, handed out by a person."""
    ids = {paper.complaint_id for paper in papers}
    cases, seals = {case.id: case for case in Complaint.select().where(Complaint.id.in_(ids))}, open_seals(ids)
    groups: dict[Hand, list[dict[str, str]]] = {}
    for paper, roles in papers.items():
        case = cases[paper.complaint_id]
        for hand in _hands(paper, roles, case, seals[case.id]):
            groups.setdefault(hand, []).append(_row(paper, case))
    title = title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())
    brought: list[CoverGroup] = [
        {"signer": name, "post": post, "closed": name == CLOSED, "rows": rows} for (name, post), rows in groups.items()
    ]
    giver = signatory(by, title).printed
    return {**frame(KEY, TITLE, at=at, demo=demo), "count": len(papers), "groups": brought, "giver": giver}


def _hands(paper: Paper, roles: Sequence[str], case: Complaint, seal: Seal) -> list[Hand]:
    """Whom a paper is brought to; of a rahasia case nobody is named, and its paper goes round once."""
    if is_secret(case):
        return [(CLOSED, "")]
    signers: dict[str, Columns] = signers_of(paper, seal)
    told = (signers.get(role, {}) for role in roles)
    return list(dict.fromkeys((str(who.get("name", "")), str(who.get("title", ""))) for who in told))


def _row(paper: Paper, case: Complaint) -> dict[str, str]:
    """A line of the list; the paper of a rahasia case is found by its kind and the register number."""
    return {
        "title": PAPERS[paper.kind].title,
        "number": openly(case, paper.number),
        "date": paper.issued_at.isoformat(),
        "register": case.number,
    }
