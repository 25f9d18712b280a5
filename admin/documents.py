"""Dokumen: the issued papers with their print, one by one as PDF or many in one file, and drafts marked KONSEP."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import peewee as pw
from flask import Response, abort, flash, redirect, request, stream_with_context, url_for
from flask_admin import expose
from flask_admin.actions import action
from markupsafe import Markup

from admin import papermarks
from admin.base import PanelView
from admin.columns import NOTHING, short_date, short_moment
from admin.drafts import draft_of
from admin.due import BADGE, state_badge
from admin.filters import Choice
from admin.gate import admits
from admin.ids import valid_id
from admin.joins import signed_in
from admin.papermarks import Marking
from models import seen
from models.base import now
from models.blankform import blank_form
from models.case import load
from models.covering import NONE, TITLE, covering, to_sign
from models.demo import is_demo
from models.number import Number
from models.paper import (
    SIGNED_BY_HAND,
    Paper,
    PaperFiled,
    PaperSigned,
    PaperVoid,
    Print,
    PrintFailure,
    latest,
    signed,
    unsigned,
)
from models.scope import openable, visible
from papers import press
from papers.bundle import names
from papers.failure import PrintError
from sop import flow
from sop.access import CONTACT
from sop.clock import WIB

MOST_PAPERS = 500
BLANK = "formulir-kosong"  # a page of its own in the access table
TICKET = re.compile(r"[a-z0-9]{4,12}", re.ASCII)
IDENTITY = "Dokumen ini memuat identitas dan kontak lengkap; hanya dibuka petugas dan pelaksana pengaduan ini."
CLOSED = "memuat identitas; hanya untuk petugas dan pelaksana"
PRINTED, WAITING, FAILED, VOID = "tercetak", "belum", "gagal", "batal"
STATUS = {PRINTED: "Tercetak", WAITING: "Belum dicetak", FAILED: "Gagal dicetak", VOID: "Batal"}
TONES = {PRINTED: "good", WAITING: "neutral", FAILED: "bad", VOID: "neutral"}
PRINT = Print.select(Print.printed_at).where(Print.paper == Paper.id)
FAILURE = (
    PrintFailure.select(PrintFailure.reason)
    .where(PrintFailure.paper == Paper.id)
    .order_by(PrintFailure.id.desc())
    .limit(1)
)
VOIDING = PaperVoid.select(PaperVoid.reason).where(PaperVoid.paper == Paper.id)
SIGNED_ON, PLACE = latest(PaperSigned, PaperSigned.signed_on), latest(PaperFiled, PaperFiled.place)
PLACE_OF_NUMBER = Number.select(Number.year * 1_000_000 + Number.place).where(
    (Number.complaint == Paper.complaint) & (Number.text == Paper.number)).limit(1)  # fmt: skip
NEEDLESS = Markup('<span class="muted">tidak perlu</span>')
UNSIGNED, DONE, FILED = "belum", "sudah", "arsip"
BY_HAND = ((UNSIGNED, "Belum ditandatangani"), (DONE, "Sudah ditandatangani"), (FILED, "Sudah disimpan di arsip"))


class ByHand(Choice):
    """Papers by what became of them on the table: unsigned, signed, on the shelf."""

    def __init__(self) -> None:
        super().__init__(Paper.id, "Tanda tangan", BY_HAND)

    def apply(self, query: Any, value: str) -> Any:
        filed = Paper.id.in_(PaperFiled.select(PaperFiled.paper))
        return query.where({UNSIGNED: unsigned(), DONE: signed(), FILED: filed}[value])


def with_print(query: Any) -> Any:
    """Papers with what came of their print, and of the paper itself, as attributes."""
    return query.select_extend(PRINT.alias("printed"), FAILURE.alias("failure"), VOIDING.alias("void"),
                               SIGNED_ON.alias("signed_on"), PLACE.alias("place"))  # fmt: skip


def print_status(paper: Any) -> tuple[str, str]:
    """(status, reason) of a paper that was read `with_print`."""
    if paper.void is not None:
        return VOID, paper.void
    if paper.printed:
        return PRINTED, ""
    return (FAILED, paper.failure) if paper.failure else (WAITING, "")


def status_badge(paper: Any) -> Markup:
    """The print's status as a badge, with the reason if something is wrong."""
    status, reason = print_status(paper)
    badge = BADGE.format(TONES[status], STATUS[status])
    return badge + Markup('<br><span class="muted small">{}</span>').format(reason) if reason else badge


def hand_badge(paper: Any) -> Markup:
    """Whether a paper that was read `with_print` is signed by hand, and where it is kept."""
    kept = Markup('<br><span class="muted small">{}</span>').format(f"Di {paper.place}") if paper.place else Markup("")
    if day := PaperSigned.signed_on.python_value(paper.signed_on):
        return BADGE.format("good", "Ditandatangani") + Markup(' <span class="muted small">{}</span>').format(
            short_date(day)) + kept  # fmt: skip
    if paper.void is not None or paper.kind not in SIGNED_BY_HAND:
        return kept
    return BADGE.format("wait", "Belum ditandatangani") + kept


def issue(paper: Any) -> Markup:
    """When a paper was issued, and by whom."""
    when, who = short_moment(paper.issued_at), paper.issued_by.name
    return Markup('{}<br><span class="muted small">{}</span>').format(when, who)


class PaperActions:
    """Mixin of list views whose rows stand for papers: chosen ones as one PDF or as a zip."""

    def paper_rows(self, row_ids: list[int]) -> Any:
        """The papers behind rows, as a query; override where a row is not a paper itself."""
        return visible(signed_in(), Paper).where(Paper.id.in_(row_ids))

    @action("merge", "Gabungkan jadi satu PDF")
    def merge(self, ids: list[int]) -> Any:
        papers = _chosen(self.paper_rows(ids))
        if not papers:
            return None
        try:
            return pdf_response(press.merged(papers), bundle_name("pdf"), download=True)
        except PrintError as failed:
            flash(f"Dokumen tidak dapat digabungkan. {failed}", "danger")
            return None

    @action("zip", "Unduh zip")
    def zip(self, ids: list[int]) -> Any:
        papers = _chosen(self.paper_rows(ids))
        if not papers:
            return None
        return Response(
            stream_with_context(press.zipped(papers)),
            mimetype="application/zip",
            headers=_kept_private(bundle_name("zip")),
        )

    @action("cover", TITLE)
    def cover(self, ids: list[int]) -> Any:
        papers = _chosen(self.paper_rows(ids))
        if not papers:
            return None
        if not (papers := to_sign(papers)):
            flash(NONE, "warning")
            return None
        content = covering(papers, by=signed_in(), at=now(), demo=is_demo())
        return pdf_response(printed(lambda: press.loose_pdf(content)), "daftar-pengantar.pdf", download=True)


def papers_of(complaints: Iterable[int]) -> Any:
    """The valid papers of these complaints as far as the person may see them."""
    void = PaperVoid.select(PaperVoid.paper)
    return visible(signed_in(), Paper).where(Paper.complaint.in_(list(complaints)) & Paper.id.not_in(void))


def _chosen(query: Any) -> list[Paper]:
    """The papers in the order of their issue; none, with a sentence, if there are none or too many."""
    found = list(query.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS + 1))
    papers = openable(signed_in(), found)
    if not found:
        flash("Belum ada dokumen yang terbit untuk baris yang dipilih.", "warning")
    elif not papers:
        flash(IDENTITY, "warning")
    if len(papers) > MOST_PAPERS:
        flash(f"Paling banyak {MOST_PAPERS} dokumen sekaligus. Pilih lebih sedikit baris.", "warning")
        return []
    seen.note_papers(papers, signed_in())
    return papers


def bundle_name(ending: str) -> str:
    return f"dokumen-pengaduan-{datetime.now(WIB):%Y%m%d-%H%M}.{ending}"


def pdf_response(data: bytes, name: str, *, download: bool = False) -> Response:
    """A PDF that no browser keeps or takes for something else."""
    return Response(data, mimetype="application/pdf", headers=_kept_private(name, download=download))


def _kept_private(name: str, *, download: bool = True) -> dict[str, str]:
    return {
        "Content-Disposition": f'{"attachment" if download else "inline"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        **_come(request.form.get("unduhan", "")),
    }


def _come(ticket: str) -> dict[str, str]:
    """Tells the page that asked for a file that it has come: a cookie with the ticket that the form brought."""
    if not TICKET.fullmatch(ticket):
        return {}
    return {"Set-Cookie": f"unduhan={ticket}; Max-Age=60; Path=/; SameSite=Strict"}


class DokumenView(PaperActions, Marking, PanelView):
    """/dokumen/ and the PDFs themselves."""

    noun = "dokumen"
    joins = ("complaint", "issued_by")
    column_list = ("kind", "number", "complaint.number", "issued_at", "status", "by_hand")
    column_labels = {"complaint.number": "Pengaduan", "complaint.title": "Judul", "status": "Cetakan",
                     "by_hand": "Tanda tangan", "complaint.state": "Status pengaduan"}  # fmt: skip
    column_sortable_list = ("kind", "number", "complaint.number", "issued_at")
    column_orders = {"number": pw.fn.COALESCE(PLACE_OF_NUMBER, 0), "complaint.number": Paper.complaint}
    column_searchable_list = ("number", "complaint.number", "complaint.title")
    column_filters = ("kind", "issued_at", "complaint.state", ByHand())
    column_default_sort = ("issued_at", True)
    column_formatters = {
        "kind": lambda view, context, row, name: paper_link(row),
        "complaint.number": lambda view, context, row, name: complaint_link(row.complaint),
        "complaint.state": lambda view, context, row, name: state_badge(row.complaint.state),
        "status": lambda view, context, row, name: status_badge(row),
        "by_hand": lambda view, context, row, name: hand_badge(row) or (NEEDLESS if row.void is None else NOTHING),
        "issued_at": lambda view, context, row, name: issue(row),
    }
    list_template = "admin/paper_list.html"
    primary_action = "merge"
    empty_text = "Belum ada dokumen yang terbit. Dokumen terbit dengan sendirinya pada tiap langkah SOP."

    def get_query(self) -> Any:
        return with_print(super().get_query())

    def rows(self, keys: list[int]) -> list[Any]:
        """The papers of a page, each with whether its print is open to the person."""
        found = super().rows(keys)
        mine = {paper.id for paper in openable(signed_in(), found)}
        for paper in found:
            paper.closed = paper.id not in mine
        return found

    def new_link(self) -> tuple[str, str] | None:
        return None

    def ways_on(self) -> list[tuple[str, str]]:
        """The blank form, for those at the counter."""
        return [("Unduh formulir kosong", url_for("dokumen.blank"))] if admits((BLANK,)) else []

    def waits(self, active: Any) -> bool:
        """Whether the list is of what waits for a signature: then all of it can be taken at once."""
        by_hand = next(index for index, item in enumerate(self._filters) if isinstance(item, ByHand))
        return (by_hand, UNSIGNED) in [(index, value) for index, _, value in active or ()]

    @expose("/menunggu-tanda-tangan/", methods=("POST",))
    def waiting(self) -> Any:
        """All that waits for a signature, or the longest waiting of it: as one PDF, as a zip, as a covering list."""
        take = {"merge": self.merge, "zip": self.zip, "cover": self.cover}.get(request.form.get("do", ""))
        if take is None:
            abort(400, "Pilih satu PDF, zip, atau daftar pengantar.")
        mine = visible(signed_in(), Paper).where(unsigned()).order_by(Paper.id).limit(MOST_PAPERS)
        ids = [paper.id for paper in openable(signed_in(), mine)]
        return take(ids) or redirect(self.return_url)

    @expose("/formulir-kosong.pdf")
    def blank(self) -> Response:
        """The Form Pengaduan to be filled in by hand."""
        content = blank_form(at=now(), demo=is_demo())
        return pdf_response(printed(lambda: press.loose_pdf(content)), "formulir-pengaduan-kosong.pdf")

    blank.pages = (BLANK,)

    @expose("/<code:public_id>.pdf")
    def pdf(self, public_id: str) -> Response:
        """An issued paper; printed at once if the press has not come to it yet."""
        paper = visible(signed_in(), Paper).where(Paper.public_id == public_id).get_or_none()
        if paper is None:
            abort(404)
        if not openable(signed_in(), [paper]):
            abort(403, IDENTITY)
        data = printed(lambda: press.pdf_of(paper.id))
        case = load([paper.complaint_id], signed_in(), now())[paper.complaint_id]
        seen.note(case, f"dokumen {paper.kind}")
        [(_, name)] = names([paper])
        return pdf_response(data, name)

    @expose("/konsep/<row:complaint>/<key:kind>.pdf")
    def draft(self, complaint: str, kind: str) -> Response:
        """A paper that is being written, marked KONSEP and kept nowhere."""
        number = valid_id(complaint)
        case = load([number], signed_in(), now()).get(number)
        hidden = case and kind in flow.PAPERS and flow.PAPERS[kind].identity and not case.standings & CONTACT
        content = case and not hidden and draft_of(case, kind)
        if not case or not content:
            abort(404)
        data = printed(lambda: press.draft_pdf(content))
        seen.note(case, f"konsep {kind}"[:60])
        return pdf_response(data, f"KONSEP-{kind.replace('_', '-')}-{complaint}.pdf")


def printed(make: Any) -> bytes:
    """What `make` prints, or a page that says why it cannot be printed."""
    try:
        return make()
    except PrintError as failed:
        return abort(409, f"Dokumen ini gagal dicetak. {failed}")


def paper_url(paper: Any) -> str:
    return url_for("dokumen.pdf", public_id=paper.public_id)


def paper_link(paper: Any) -> Markup:
    title = dict(Paper.kind.choices)[paper.kind]
    if getattr(paper, "closed", False):
        return Markup('{}<br><span class="muted small">{}</span>').format(title, CLOSED)
    return Markup('<a href="{}">{}</a>').format(paper_url(paper), title)


def complaint_link(complaint: Any) -> Markup:
    return Markup('<a class="nowrap" href="{}">{}</a>').format(
        url_for("pengaduan.details_view", id=complaint.id), complaint.number
    )


def views() -> list[PanelView]:
    return [DokumenView(Paper, "Dokumen", endpoint="dokumen", url="/dokumen"), *papermarks.views()]
