"""Many papers in one file: merged PDF for one or both sides, zip, covering list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Response, flash, request, stream_with_context

from admin.door.flaskadmin import ViewPart
from admin.door.gate import action
from admin.door.rows import signed_in
from admin.lists.export import kept_private, pdf_response
from models.case import access_notes
from models.case.sheets import COVERING_TITLE, NONE, LeftOut, covering, to_sign
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperVoid
from models.complaint.scope import openable, visible
from models.demo.demo import is_demo
from models.store.base import now
from papers.printing import press
from papers.printing.failure import PrintError
from sop.clock import WIB

COOKIE, A_YEAR = "bolak-balik", 365 * 24 * 60 * 60
CHOICE, ASKED = "duplex", "duplex-asked"  # the tick, and that the form had one to tick


def duplex_chosen() -> bool:
    """What was chosen last on this device."""
    return request.cookies.get(COOKIE) == "1"


def asked_duplex() -> bool:
    """What the form says; of one that does not ask, what was chosen last."""
    return CHOICE in request.form if ASKED in request.form else duplex_chosen()


def keep_duplex(answer: Response, duplex: bool) -> Response:
    """The answer, with the choice for this device from now on."""
    secure, word = request.is_secure, "1" if duplex else "0"
    answer.set_cookie(COOKIE, word, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


MOST_PAPERS = 500
ALL_VOID = "Dokumen yang dipilih sudah batal, jadi tidak ada yang disertakan."
UNISSUED = "Dokumennya belum terbit; konsep tidak disertakan."
IDENTITY = "Dokumen ini memuat identitas dan kontak lengkap; hanya dibuka petugas dan pelaksana pengaduan ini."


class PaperBundles(ViewPart):
    """Part of lists whose rows stand for papers: chosen ones as one PDF or as a zip."""

    def paper_rows(self, row_ids: list[int]) -> Any:
        """The papers behind rows, as a query; override where a row is not a paper itself."""
        return visible(signed_in(), Paper).where(Paper.id.in_(row_ids))

    def void_rows(self, row_ids: list[int]) -> Any:
        """The void papers behind rows, which `paper_rows` may leave out."""
        return self.paper_rows(row_ids).where(Paper.id.in_(PaperVoid.select(PaperVoid.paper)))

    def case_rows(self, row_ids: list[int]) -> list[int]:
        """The cases behind rows that may have no paper yet; a paper's row has one."""
        return []

    @property
    def duplex(self) -> bool:
        """Whether merged papers are to be printed on both sides, as last chosen on this device."""
        return duplex_chosen()

    @action("merge", "Gabungkan jadi satu PDF")
    def merge(self, ids: list[int]) -> Any:
        valid, left_out = self._sorted_out(ids)
        if not valid:
            return None
        duplex = asked_duplex()
        try:
            pdf = press.merged_pdf(valid, left_out, demo=is_demo(), duplex=duplex)
        except PrintError as failed:
            flash(f"Dokumen tidak dapat digabungkan. {failed}", "danger")
            return None
        return keep_duplex(pdf_response(pdf, bundle_name("pdf"), download=True), duplex)

    @action("zip", "Unduh zip")
    def zip(self, ids: list[int]) -> Any:
        valid, left_out = self._sorted_out(ids)
        if not valid:
            return None
        return Response(
            stream_with_context(press.zip_of(valid, left_out)),
            mimetype="application/zip",
            headers=kept_private(bundle_name("zip")),
        )

    @action("cover", COVERING_TITLE)
    def cover(self, ids: list[int], hands: Any = None) -> Any:
        papers = _chosen_papers(self.paper_rows(ids))
        if not papers:
            return None
        if not (brought := to_sign(papers, hands)):
            flash(NONE, "warning")
            return None
        content = covering(brought, by=signed_in(), at=now(), demo=is_demo())
        return pdf_response(press.loose_pdf(content), "daftar-pengantar.pdf", download=True)

    def _sorted_out(self, ids: list[int]) -> tuple[list[Paper], list[LeftOut]]:
        """The papers behind rows that are handed out together, and what is not among them; where there are none, a
        sentence is flashed."""
        papers = _chosen_papers(self.paper_rows(ids))
        void = _void(self.void_rows(ids))
        valid = [paper for paper in papers if paper not in void]
        if papers and not valid:
            flash(ALL_VOID, "warning")
        closed = _closed(self.paper_rows(ids), {paper.id for paper in papers} | {paper.id for paper in void})
        return valid, [*_void_lines(void), *closed, *_without_paper(self.case_rows(ids), [*papers, *void])]


def valid_papers_of(complaints: Iterable[int]) -> Any:
    """The valid papers of these complaints as far as the person may see them."""
    void = PaperVoid.select(PaperVoid.paper)
    return visible(signed_in(), Paper).where(Paper.complaint.in_(list(complaints)) & Paper.id.not_in(void))


def void_papers_of(complaints: Iterable[int]) -> Any:
    """The void papers of these complaints as far as the person may see them."""
    void = PaperVoid.select(PaperVoid.paper)
    return visible(signed_in(), Paper).where(Paper.complaint.in_(list(complaints)) & Paper.id.in_(void))


def _void(query: Any) -> dict[Paper, str]:
    """Void papers, each with why it is void."""
    papers = list(query.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS))
    ids = [paper.id for paper in papers]
    why = dict(PaperVoid.select(PaperVoid.paper, PaperVoid.reason).where(PaperVoid.paper.in_(ids)).tuples())
    return {paper: why[paper.id] for paper in papers}


def _void_lines(void: dict[Paper, str]) -> list[LeftOut]:
    return [LeftOut(str(paper), f"Batal: {why}") for paper, why in void.items()]


def _closed(query: Any, taken: set[int]) -> list[LeftOut]:
    """Papers that were chosen and are not the person's to open."""
    rest = query.where(Paper.id.not_in(taken)).order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS)
    return [LeftOut(str(paper), IDENTITY) for paper in rest]


def _without_paper(cases: list[int], papers: Iterable[Paper]) -> list[LeftOut]:
    """Cases that were chosen and have issued no paper of the kind; what is being written is no paper yet."""
    bare = set(cases) - {paper.complaint_id for paper in papers}
    rows = visible(signed_in(), Complaint).where(Complaint.id.in_(bare)).order_by(Complaint.id)
    return [LeftOut(f"Pengaduan {case.number}", UNISSUED) for case in rows]


def _chosen_papers(query: Any) -> list[Paper]:
    """The papers in the order of their issue; none, with a sentence, if there are none or too many."""
    chosen = list(query.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS + 1))
    papers = openable(signed_in(), chosen)
    if not chosen:
        flash("Belum ada dokumen yang terbit untuk baris yang dipilih.", "warning")
    elif not papers:
        flash(IDENTITY, "warning")
    if len(papers) > MOST_PAPERS:
        flash(f"Paling banyak {MOST_PAPERS} dokumen sekaligus. Pilih lebih sedikit baris.", "warning")
        return []
    access_notes.note_papers(papers, signed_in())
    return papers


def bundle_name(ending: str) -> str:
    return f"dokumen-pengaduan-{datetime.now(WIB):%Y%m%d-%H%M}.{ending}"
