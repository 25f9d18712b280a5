"""The recap for signature: issued by the Kepala Dinas from the page, printed from what was frozen then."""

from dataclasses import dataclass

from flask import Response, url_for

from admin.door.gate import admits_to
from admin.kit.pdf import pdf_response
from models.complaint.number import Number
from models.complaint.scope import Viewer
from models.reading.period import Period
from models.reading.recap_paper import RecapPaper, content_of_recap
from papers.printing import press
from sop.words import format_moment

OFFICIAL = "rekapitulasi-resmi"
LATEST = 12  # that the page tells of


@dataclass(frozen=True)
class IssuedRecap:
    """One that was issued, as the page tells of it."""

    number: str
    span: str
    issued: str
    url: str


def may_issue() -> bool:
    return admits_to((OFFICIAL,))


def reads_issued(who: Viewer) -> bool:
    """Whether he reads cases at all: a pengawas does under a Surat Tugas."""
    return bool(who.lanes) or who.mandated


def latest_issued(who: Viewer) -> list[IssuedRecap]:
    """The last ones, the newest first."""
    if not reads_issued(who):
        return []
    rows = RecapPaper.select(RecapPaper, Number).join(Number).order_by(RecapPaper.id.desc()).limit(LATEST)
    return [
        IssuedRecap(
            row.number.text,
            Period(row.first, row.last).words,
            format_moment(row.issued_at),
            url_for("rekapitulasi.issued", number=row.id),
        )
        for row in rows
    ]


def recap_pdf(number: int) -> Response | None:
    """As it was issued; None where there is none."""
    paper = RecapPaper.get_or_none(RecapPaper.id == number)
    if paper is None:
        return None
    name = f"rekapitulasi-{paper.first.isoformat()}-{paper.last.isoformat()}.pdf"
    return pdf_response(press.loose_pdf(content_of_recap(paper)), name)
