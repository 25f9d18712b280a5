"""The papers of one case: those that are issued, and those that can be looked at as KONSEP."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from admin.kit.columns import short_moment
from admin.papers.drafts import draftable
from admin.papers.status import CLOSED, hand_badge, paper_url, status_badge, with_print
from models.case.case import Case
from models.tables.paper import Paper
from models.tables.scope import openable
from sop import flow


@dataclass(frozen=True)
class PaperLine:
    """An issued paper: how its print and its signature stand; without an address, why it is closed to the person."""

    title: str
    number: str
    url: str
    closed: str
    issued: str
    badge: Markup
    by_hand: Markup | str


def paper_lines(case: Case) -> list[PaperLine]:
    """Issued papers, the newest first."""
    papers = list(with_print(Paper.select()).where(Paper.complaint == case.complaint).order_by(Paper.id.desc()))
    mine = {paper.id for paper in openable(case.user, papers)}
    return [_paper_line(paper, opens=paper.id in mine) for paper in papers]


def _paper_line(paper: Paper, *, opens: bool) -> PaperLine:
    return PaperLine(
        flow.PAPERS[paper.kind].title,
        paper.number,
        paper_url(paper) if opens else "",
        "" if opens else CLOSED,
        short_moment(paper.issued_at),
        status_badge(paper),
        hand_badge(paper) if paper.void is None else "",
    )


def draft_links(case: Case) -> list[tuple[str, str]]:
    """(title, address) of papers that can be looked at as KONSEP."""
    c, valid = case.complaint, _valid_kinds(case)
    return [
        (paper.title, url_for("dokumen.draft", complaint=c.id, kind=paper.key))
        for paper in draftable(case)
        if paper.key not in valid or c.revision > 1
    ]


def _valid_kinds(case: Case) -> set[str]:
    ours = (Paper.complaint == case.complaint) & (Paper.round == case.complaint.round)
    return {paper.kind for paper in with_print(Paper.select()).where(ours) if paper.void is None}
