"""The papers of one case: those that are issued, and those that can be looked at as KONSEP."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from admin.evidence.attachments import gone_words
from admin.kit.columns import BADGE, short_date, short_moment
from admin.papers.drafts import draftable
from admin.papers.status import CLOSED, hand_badge, paper_url, status_badge, with_hands, with_print
from models.case.case import Case
from models.case.content_parts import once_words
from models.complaint.paper import Paper, PaperSigned, Print
from models.complaint.scope import openable
from models.store import files
from sop import flow
from sop.signers import label_of

LIES_AT = Print.select(Print.path).where(Print.paper == Paper.id)
GONE = BADGE.format("bad", "Hilang dari penyimpanan")


@dataclass(frozen=True)
class PaperLine:
    """An issued paper: how its print stands, who has signed it; without an address, why it is closed to the person."""

    title: str
    number: str
    url: str
    closed: str
    issued: str
    badge: Markup
    by_hand: Markup | str
    signed: str
    once: str  # why no copy of it is handed out


def paper_lines(case: Case) -> list[PaperLine]:
    """Issued papers, the newest first."""
    issued = with_print(Paper.select()).select_extend(LIES_AT.alias("lies_at"))
    papers = with_hands(list(issued.where(Paper.complaint == case.complaint).order_by(Paper.id.desc())))
    mine = {paper.id for paper in openable(case.user, papers)}
    return [_paper_line(paper, case, opens=paper.id in mine) for paper in papers]


def _paper_line(paper: Any, case: Case, *, opens: bool) -> PaperLine:
    gone = _gone_print(paper)
    return PaperLine(
        flow.PAPERS[paper.kind].title,
        paper.number,
        paper_url(paper) if opens and not gone else "",
        gone or ("" if opens else CLOSED),
        short_moment(paper.issued_at),
        GONE if gone else status_badge(paper),
        hand_badge(paper, named=False) if paper.void is None else "",
        "; ".join(_signed_words(role, mark) for role, mark in paper.hands.items() if mark),
        once_words(flow.PAPERS[paper.kind], [case.complaint]) if opens and not gone else "",
    )


def _signed_words(role: str, mark: PaperSigned) -> str:
    return f"{label_of(role) or 'Ditandatangani'}: {mark.signer}, {short_date(mark.signed_on)}"


def _gone_print(paper: Any) -> str:
    """What to do about a print that does not lie where it was kept; "" where it does, or there is none yet."""
    printed_at = Print.printed_at.python_value(paper.printed)
    if printed_at is None or files.is_there(paper.lies_at):
        return ""
    return gone_words(paper.lies_at, printed_at)


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
