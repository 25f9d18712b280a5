"""What a Daftar Pengantar says: which papers go out to be signed, whose hand each waits for, not what they say."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.case.discretion import is_secret, openly
from models.content.unkept import frame
from models.office.people import User, posts_by_unit, signatory, title_of
from models.store.seal import Seal
from models.tables.complaint import Complaint
from models.tables.event import open_seals
from models.tables.paper import SIGNED_BY_HAND, Content, Paper, signer_of
from sop.clock import WIB
from sop.flow import PAPERS

KEY, TITLE = "daftar_pengantar", "Daftar Pengantar"
CLOSED = "Rahasia – dalam amplop tertutup"
NONE = f"Tidak ada yang perlu ditandatangani di antara dokumen yang dipilih, jadi tidak ada {TITLE}."


def to_sign(papers: Iterable[Paper]) -> list[Paper]:
    """Those of the papers that somebody signs by hand: the others need not be carried to anybody."""
    return [paper for paper in papers if paper.kind in SIGNED_BY_HAND]


def covering(papers: Sequence[Paper], *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the covering list of these papers, handed out by a person."""
    ids = {paper.complaint_id for paper in papers}
    cases, seals = {case.id: case for case in Complaint.select().where(Complaint.id.in_(ids))}, open_seals(ids)
    rows = [_row(paper, cases[paper.complaint_id], seals[paper.complaint_id]) for paper in papers]
    title = title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())
    return {**frame(KEY, TITLE, at=at, demo=demo), "rows": rows, "giver": signatory(by, title).printed}


def _row(paper: Paper, case: Complaint, seal: Seal) -> dict[str, str]:
    """A line of the list; the paper of a rahasia case is found by its kind and the register number."""
    signer = {"name": CLOSED} if is_secret(case) else signer_of(paper, seal)
    number, date = openly(case, paper.number), paper.issued_at.isoformat()
    return {
        "title": PAPERS[paper.kind].title,
        "number": number,
        "date": date,
        "register": case.number,
        "signer": str(signer.get("name", "")),
        "post": str(signer.get("title", "")),
    }
