"""Pengaduan: the list of complaints with search, filters and actions, and the page of a complaint."""

from collections.abc import Mapping
from typing import Any

from flask import abort, url_for
from markupsafe import Markup

from admin.case.acts import CaseBulkActions
from admin.case.contact import with_refresh
from admin.case.decisions import pengadu_name
from admin.case.dossier import Dossier
from admin.complaints.filters import AssignedTo, ByPetugas, ForMe, Late, OfUnit, Urgent
from admin.complaints.registerbook import CaseExport
from admin.complaints.search import CaseListing, mark_found_by_number, way_found
from admin.desk.cards import urgent_of
from admin.door.flaskadmin import ViewPart
from admin.door.gate import READS, admits_to, expose
from admin.door.rows import signed_in, valid_id
from admin.intake.receiving import Receiving
from admin.lists.base import PanelView
from admin.lists.case_filters import ByFigure, ByPart, case_filters, stored_choices
from admin.lists.cells import (
    badges,
    due_cell,
    news_lines,
    news_of_rows,
    number_in_compact_row,
    short_date,
    state_badge,
    sub_line,
    urgency_marks,
)
from admin.lists.filters import Choice, Since, Until
from admin.lists.jump import Jump
from admin.lists.saving import DetailsPage
from admin.papers.bundles import PaperBundles, valid_papers_of, void_papers_of
from admin.papers.shelving import Shelving
from models.case import access_notes
from models.case.case import Case, load
from models.case.clocks import deadlines_of
from models.complaint.complaint import PENGADU, RUNNING, Complaint, Run, name_stand_in
from models.complaint.scope import viewer
from models.office.contacts import masked_words
from models.reading.queue import assignees_of
from models.store.base import now
from sop.access import SECRECY
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from sop.words import in_wib

STARTED = (
    Run.select(Run.started_at)
    .where((Run.complaint == Complaint.id) & Run.ended_at.is_null())
    .order_by(Run.id.desc())
    .limit(1)
)
EXPRESSIONS: dict[str, object] = {
    "rank": (RUNNING & Complaint.emergency, RUNNING & ~Complaint.emergency, ~RUNNING),
}
GO_ON = "Buka satu untuk memproses, atau centang beberapa sekaligus."
PREVIEWED = "pratinjau"  # the name of the card beside the list in the access log
BOOK, HANDOVER, IMPORT = "buku-register", "serah-terima", "impor"  # pages of their own in the access table


class PapersOfCases(PaperBundles):
    """The papers of the listed complaints."""

    def paper_rows(self, row_ids: list[int]) -> Any:
        return valid_papers_of(row_ids)

    def void_rows(self, row_ids: list[int]) -> Any:
        return void_papers_of(row_ids)

    def case_rows(self, row_ids: list[int]) -> list[int]:
        return row_ids


class CasePage(DetailsPage):
    """The complaint's page; reading is logged once per version and user."""

    def requested(self) -> Case:
        number = self.view.requested_id("details")
        case = load([number], signed_in(), now()).get(number)
        return case or abort(404)

    def page(self, row: Case) -> Any:
        access_notes.note(row)
        view, dossier = self.view, Dossier(row)
        page = view.render(
            view.details_template,
            model=row.complaint,
            dossier=dossier,
            urgent_here=urgent_of(row),
            return_url=view.return_url,
        )
        return with_refresh(page, dossier.opened)


class CasePreview(ViewPart):
    """Part of the list of complaints: one case as a card beside the list, which a script takes from this page."""

    @expose("/ringkas/<row:number>/", cost=READS)
    def card_page(self, number: str) -> Any:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        if case is None:
            abort(404)
        access_notes.note(case, PREVIEWED)  # log before showing; it ends the right to recall, as opening the case does
        c, card = case.complaint, "admin/complaints/preview.html"
        ends = deadlines_of(c)[:1] if c.state in vocabulary().open_states else []
        return self.view.render(card, model=c, dossier=Dossier(case), pengadu=pengadu_name(case), deadlines=ends)


class PengaduanView(PanelView):
    """/pengaduan/, sorted by emergency, then due time."""

    listing, jump, exports = CaseListing(), Jump(day="received_at", number="number"), CaseExport()
    bulk, papers, new, details = CaseBulkActions(), PapersOfCases(), Receiving(), CasePage()
    preview = CasePreview()
    shelving = Shelving()
    noun, list_class, unstyled_columns = "pengaduan", "cases", ("title",)
    joins = ("category", "unit", "medium", "kelurahan", "institution", "topic")
    read_with = (PENGADU.alias("pengadu_name"), STARTED.alias("run_started"))
    can_view_details = can_export = True
    column_list = ("number", "title", "state", "row_due_at", "received_at")
    column_labels = {
        "number": "Nomor",
        "title": "Judul dan kategori",
        "state": "Status dan unit kerja",
        "row_due_at": "Batas waktu SOP",
        "received_at": "Diterima",
        "category.name": "Kategori",
        "unit.name": "Unit kerja penanggung jawab",
        "medium.name": "Media pengaduan",
        "institution.name": "Instansi menurut berkas",
        "topic.name": "Topik menurut berkas",
        "kelurahan.name": "Kelurahan",
        "kelurahan.kecamatan": "Kecamatan",
    }
    column_sortable_list = ("number", "title", "state", "row_due_at", "received_at")
    column_orders = {"number": Complaint.id}
    column_default_sort = [("rank", False), ("row_due_at", False), ("id", True)]
    column_filters = (
        Choice("state", "Status", lambda: list(vocabulary().states.items())),
        Late(),
        Choice("category", "Kategori", lambda: stored_choices("Category")),
        OfUnit(),
        Choice("secrecy", "Kerahasiaan", tuple(SECRECY.items())),
        Choice("medium", "Media pengaduan", lambda: stored_choices("Medium")),
        Since("received_at", "Diterima"),
        Until("received_at", "Diterima"),
        ForMe(),
        AssignedTo(),
        ByPetugas(),
        *case_filters(Complaint),
        ByFigure(),
        ByPart(),
        Urgent(),
    )
    column_details_list = ("number", "title", "state")
    column_export_list = (
        "number",
        "title",
        "category.name",
        "law_class",
        "state",
        "secrecy",
        "urgency",
        "emergency",
        "medium.name",
        "medium_ref",
        "unit.name",
        "institution.name",
        "topic.name",
        "event_place",
        "kelurahan.name",
        "kelurahan.kecamatan",
        "received_at",
        "recorded_at",
        "row_due_at",
        "paused_until",
        "legal_due_at",
        "closed_at",
    )
    column_formatters = {
        "number": lambda view, context, row, name: number_in_compact_row(row.number),
        "title": lambda view, context, row, name: title_cell(row) + way_found(row),
        "state": lambda view, context, row, name: state_cell(row),
        "received_at": lambda view, context, row, name: short_date(in_wib(row.received_at)),
        "row_due_at": lambda view, context, row, name: due_cell(row, Run.started_at.python_value(row.run_started)),
    }
    list_template = "admin/complaints/cases.html"
    details_template = "admin/complaints/case.html"
    empty_text = (
        "Belum ada pengaduan yang dapat Anda buka. Pengaduan tampil di sini setelah dicatat petugas dan, untuk "
        "unit kerja, setelah didisposisikan."
    )

    @property
    def about(self) -> str:
        """Plus a hint how to proceed, for users who take steps."""
        return f"{super().about} {GO_ON}" if viewer(signed_in()).lanes else super().about

    def computed_columns(self) -> Mapping[str, Any]:
        return EXPRESSIONS

    def rows(self, keys: list[int]) -> list[Any]:
        """With unseen changes and, for heads of units, the assignees of their cases."""
        rows, who = super().rows(keys), viewer(signed_in())
        mark_found_by_number(rows)
        news = news_of_rows(who, keys)
        names = assignees_of(row for row in rows if row.unit_id in who.heads) if who.heads else {}
        only_unit = who.units if not who.reads_all and len(who.units) == 1 else frozenset()
        for row in rows:
            row.news, row.assignees = news.get(row.id, ()), names.get(row.id, ())
            row.led_by = row.unit.name if row.unit_id and row.unit_id not in only_unit else ""
        return rows

    @property
    def create_label(self) -> str:  # type: ignore[override]  # read-only: from the procedure
        return current_procedure().receive.label

    def further_links(self) -> list[tuple[str, str]]:
        pages = [(HANDOVER, "Serah Terima"), (IMPORT, "Impor"), (BOOK, "Buku Register")]
        return [(label, url_for(f"{page}.index")) for page, label in pages if admits_to((page,))]


def title_cell(row: Any) -> Markup:
    """The title after its badges; below it category, pengadu and unseen changes."""
    marks = urgency_marks(row)
    head = badges(marks) + " " if marks else ""
    pengadu = masked_words(row.pengadu_name or "") or name_stand_in(anonymous=row.anonymous, secret=False)
    under = sub_line(" · ".join(filter(None, (row.category.name, pengadu))))
    changed = Markup('<span class="sub">%s</span>') % news_lines(row.news) if row.news else ""
    return Markup('<span class="case-title">%s%s</span>%s%s') % (head, row.title, under, changed)


def state_cell(row: Any) -> Markup:
    """The state; below it the lead unit, unless it is the user's only one, and the assignees."""
    names = f"Pelaksana: {', '.join(row.assignees)}" if row.assignees else ""
    lines = [row.led_by, names]
    return state_badge(row.state) + Markup("").join(sub_line(line) for line in lines if line)


def views() -> list[PanelView]:
    return [PengaduanView(Complaint, "Pengaduan", endpoint="pengaduan", url="/pengaduan")]
