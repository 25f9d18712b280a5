"""Dokumen: the list of issued papers, PDF downloads, bulk download of unsigned papers, drafts marked KONSEP."""

from functools import partial
from typing import Any

from flask import Response, abort, redirect, request, url_for
from markupsafe import Markup

from admin.door.gate import PRINTS, PRINTS_MUCH, admits_to, belongs_to, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.base import PanelView
from admin.lists.case_filters import case_filters
from admin.lists.cells import NOTHING, number_in_compact_row, state_badge
from admin.lists.export import pdf_response
from admin.lists.jump import Arguments, Jump
from admin.lists.listing import Listing
from admin.papers import failed_prints, issued_lists, marks, progress, returned
from admin.papers.bundles import IDENTITY, MOST_PAPERS, OWN, PaperBundles
from admin.papers.drafts import draft_of
from admin.papers.failed_prints import ByPrint, Reprinting
from admin.papers.marks import Marking
from admin.papers.status import (
    OWN_SIGNATURE,
    SIGNER_CONDITIONS,
    UNSIGNED,
    WITH_PRINT,
    BySignature,
    complaint_link,
    issue_cell,
    paper_link,
    signature_badge,
    status_badge,
    with_signatures,
)
from models.case import access_notes
from models.case.case import load
from models.case.issued_lists import IssuedList
from models.case.sheets import blank_form
from models.complaint.codes import CodedPaper, paper_of_code, typed_code
from models.complaint.event import open_seals
from models.complaint.paper import Paper, is_unsigned
from models.complaint.returned import SCANNED, SIGNED, PaperCopy, copy_bytes
from models.complaint.scope import openable, viewer, visible
from models.demo.demo import is_demo
from models.store.base import now
from models.store.seal import BrokenSeal, KeyGone
from papers.printing import press
from papers.printing.bundle import file_names
from sop.access import IDENTITY_READERS
from sop.vocabulary import vocabulary
from sop.words import format_number

BLANK = "formulir-kosong"  # a page of its own in the access table
CODE = "kode verifikasi"
UNKNOWN_CODE = (
    "Tidak ada dokumen dengan kode verifikasi ini di antara yang dapat Anda buka. Dokumen yang terbit sebelum ada kode "
    "verifikasi tidak memuatnya."
)
OF_NO_CASE = "Kode verifikasi ini tercetak pada {}."
LOST = "Berkas ini hilang atau rusak di penyimpanan. Beri tahu pengelola; cetakannya masih ada."
FILE_NAMES = {SIGNED: "bertanda-tangan", SCANNED: "pindaian"}  # of what came home
NEEDLESS = Markup('<span class="muted">tidak perlu</span>')


class CodeSearch(Listing):
    """Part of the list: its search takes a verification code too, which no access log and no saved view keeps."""

    def search_label(self) -> str:
        return f"{super().search_label()}, kode verifikasi"

    def matching(self, search: str) -> Any:
        coded = self.coded(search)
        return super().matching(search) if coded is None else Paper.id == (coded.paper.id if coded.paper else 0)

    def log_text(self, search: Any, filters: Any) -> str:
        return super().log_text(CODE if typed_code(search or "") else search, filters)

    def coded(self, search: str) -> CodedPaper | None:
        """What the search is the code of."""
        code = typed_code(search)
        return paper_of_code(code, viewer(signed_in())) if code else None


class JumpWithoutCode(Jump):
    """Part of the list: its links and saved views do not repeat a code."""

    def preserved_arguments(self) -> Arguments:
        arguments = super().preserved_arguments()
        return {k: v for k, v in arguments.items() if k != "search" or not typed_code(str(v))}


class DokumenView(PanelView):
    """/dokumen/ and the PDFs themselves."""

    noun, list_class = "dokumen", "prints"
    papers, reprinting, marking = PaperBundles(), Reprinting(), Marking()
    joins, read_with = ("complaint", "issued_by"), WITH_PRINT
    column_list = ("kind", "number", "complaint.number", "issued_at", "status", "by_hand")
    column_labels = {
        "complaint.number": "Pengaduan",
        "complaint.title": "Judul",
        "status": "Cetakan",
        "by_hand": "Tanda tangan",
        "complaint.state": "Status pengaduan",
    }
    column_sortable_list = ("kind", "number", "complaint.number", "issued_at")
    column_orders = {"number": Paper.kind, "complaint.number": Paper.complaint}  # numbers are sorted by kind
    listing, jump = CodeSearch(), JumpWithoutCode(day="issued_at", number="complaint.number")
    column_searchable_list = ("number", "complaint.number", "complaint.title")
    column_filters = ("kind", "issued_at", "complaint.state", BySignature(), *case_filters(Paper), ByPrint())
    column_default_sort = ("issued_at", True)
    column_formatters = {
        "kind": lambda view, context, row, name: paper_link(row),
        "number": lambda view, context, row, name: number_in_compact_row(row.number) if row.number else NOTHING,
        "complaint.number": lambda view, context, row, name: complaint_link(row.complaint, number_in_compact_row),
        "complaint.state": lambda view, context, row, name: state_badge(row.complaint.state),
        "status": lambda view, context, row, name: status_badge(row),
        "by_hand": lambda view, context, row, name: signature_badge(row) or (NEEDLESS if row.void is None else NOTHING),
        "issued_at": lambda view, context, row, name: issue_cell(row),
    }
    list_template = "admin/papers/documents.html"
    primary_action = "merge"
    empty_text = "Belum ada dokumen yang terbit. Dokumen terbit dengan sendirinya pada tiap langkah SOP."

    def rows(self, keys: list[int]) -> list[Any]:
        """With `closed`: whether the user may not open the print."""
        papers = super().rows(keys)
        open_ids = {paper.id for paper in openable(signed_in(), papers)}
        for paper in papers:
            paper.closed = paper.id not in open_ids
        return with_signatures(papers)

    def code_sentence(self) -> str:
        """What the code that was searched belongs to, if it is no paper of the list; "" if none was."""
        search = self.list_args().search or ""
        coded = self.listing.coded(search)
        return OF_NO_CASE.format(coded.words) if coded else UNKNOWN_CODE if typed_code(search) else ""

    def checkbox_label(self, row: Any) -> str:
        return row.number or str(row)

    def further_links(self) -> list[tuple[str, str]]:
        """Links to the door for papers that come home, to how far papers have come, to the issued lists, and to the
        blank form, for the counter."""
        links = {
            returned.NOUN: ("Dokumen kembali", url_for("kembali.index")),
            progress.NOUN: ("Perjalanan", progress.out_url(own=False)),
            issued_lists.NOUN: ("Daftar terbit", url_for(f"{issued_lists.NOUN}.index_view")),
            BLANK: ("Formulir kosong", url_for("dokumen.blank")),
        }
        return [link for noun, link in links.items() if admits_to((noun,))]

    def waits(self, active: Any) -> str:
        """The active signature filter's value if it selects unsigned papers, which can then be downloaded at once."""
        by_hand = next(index for index, item in enumerate(self.offered_filters) if isinstance(item, BySignature))
        return next((value for index, _, value in active or () if index == by_hand and value in SIGNER_CONDITIONS), "")

    def has_covering_list(self, waited_for: str) -> bool:
        """Whether the papers that a signature filter selects go to somebody else, with a covering list."""
        return waited_for != OWN_SIGNATURE

    def own_sentence(self, waited_for: str) -> str:
        """How many of the papers that a signature filter selects wait for the user himself, which have no covering
        list; "" if none does."""
        by, own = SIGNER_CONDITIONS[waited_for](), SIGNER_CONDITIONS[OWN_SIGNATURE]()
        count = visible(signed_in(), Paper).where(is_unsigned(own if by is None else by & own)).count()
        return OWN.format(format_number(count)) if count else ""

    @expose("/menunggu-tanda-tangan/", methods=("POST",), cost=PRINTS_MUCH)
    def waiting(self) -> Any:
        """All unsigned papers, or those that wait for certain signers, oldest first: as PDF, zip or covering list."""
        of_signers = SIGNER_CONDITIONS.get(request.form.get("tunggu", ""), SIGNER_CONDITIONS[UNSIGNED])()
        formats: dict[str, Any] = {
            "merge": self.papers.merge,
            "zip": self.papers.zip,
            "cover": partial(self.papers.cover, of_signers=of_signers),
        }
        export = formats.get(request.form.get("do", ""))
        if export is None:
            abort(400, "Pilih satu PDF, zip, atau daftar pengantar.")
        papers = visible(signed_in(), Paper).where(is_unsigned(of_signers)).order_by(Paper.id).limit(MOST_PAPERS)
        ids = [paper.id for paper in openable(signed_in(), papers)]
        return export(ids) or redirect(self.return_url)

    @expose("/formulir-kosong.pdf", cost=PRINTS)
    @belongs_to(BLANK)
    def blank(self) -> Response:
        """The blank Form Pengaduan."""
        content = blank_form(at=now(), demo=is_demo())
        return pdf_response(press.unissued_pdf(content), "formulir-pengaduan-kosong.pdf")

    @expose("/<code:public_id>.pdf", cost=PRINTS)
    def pdf(self, public_id: str) -> Response:
        """An issued paper; rendered now if the print queue has not done so."""
        paper = visible(signed_in(), Paper).where(Paper.public_id == public_id).get_or_none()
        if paper is None:
            abort(404)
        if not openable(signed_in(), [paper]):
            abort(403, IDENTITY)
        data = press.pdf_of(paper.id)
        case = load([paper.complaint_id], signed_in(), now())[paper.complaint_id]
        access_notes.note(case, f"dokumen {paper.kind}")
        [(_, name)] = file_names([paper])
        return pdf_response(data, name)

    @expose("/kembali/<row:number>.pdf")
    def returned_file(self, number: int) -> Response:
        """A paper's file that came home, as it came."""
        copy = PaperCopy.select(PaperCopy, Paper).join(Paper).where(PaperCopy.id == valid_id(number)).get_or_none()
        paper = visible(signed_in(), Paper).where(Paper.id == copy.paper_id).get_or_none() if copy else None
        if paper is None:
            abort(404)
        if not openable(signed_in(), [paper]):
            abort(403, IDENTITY)
        try:
            data = copy_bytes(copy, open_seals([paper.complaint_id])[paper.complaint_id])
        except KeyGone:
            raise
        except (FileNotFoundError, BrokenSeal):
            abort(409, LOST)
        case = load([paper.complaint_id], signed_in(), now())[paper.complaint_id]
        access_notes.note(case, f"kembali {paper.kind}"[:60])
        [(_, name)] = file_names([paper])
        return pdf_response(data, f"{FILE_NAMES[copy.kind]}-{name}")

    @expose("/konsep/<row:complaint>/<key:kind>.pdf", cost=PRINTS)
    def draft(self, complaint: str, kind: str) -> Response:
        """A draft, marked KONSEP and not stored."""
        number = valid_id(complaint)
        case = load([number], signed_in(), now()).get(number)
        identifies = kind in vocabulary().papers and vocabulary().papers[kind].identity
        hidden = case and identifies and not case.relations & IDENTITY_READERS
        content = case and not hidden and draft_of(case, kind)
        if not case or not content:
            abort(404)
        data = press.draft_pdf(content)
        access_notes.note(case, f"konsep {kind}"[:60])
        return pdf_response(data, f"KONSEP-{kind.replace('_', '-')}-{complaint}.pdf")


def views() -> list[PanelView]:
    return [
        DokumenView(Paper, "Dokumen", endpoint="dokumen", url="/dokumen"),
        issued_lists.DaftarView(IssuedList, "Daftar terbit", endpoint=issued_lists.NOUN, url="/dokumen/daftar"),
        *marks.views(),
        *failed_prints.views(),
        *returned.views(),
        *progress.views(),
    ]
