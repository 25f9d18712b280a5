"""Pengaduan: the list of complaints, searched, filtered and acted on, and the door to each complaint's page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import peewee as pw
from flask import abort, url_for
from markupsafe import Markup

from admin.case.acts import CaseActions
from admin.case.contact import closing_by_itself
from admin.case.dossier import Dossier
from admin.complaints.filters import ForMe, GivenTo, KeptBy, Late, OfUnit, Urgent
from admin.complaints.registerbook import WithIdentity
from admin.complaints.search import FindingView, way_found
from admin.desk.cards import urgent_of
from admin.door.gate import admits_to, expose
from admin.door.rows import signed_in
from admin.intake.receiving import Receiving, may_receive
from admin.lists.base import PanelView
from admin.lists.case_filters import ByFigure, ByPart, case_filters, kept_choices
from admin.lists.cells import (
    badges,
    due_cell,
    news_lines,
    news_of_rows,
    number_in_low_row,
    short_date,
    state_badge,
    sub_line,
    urgency_marks,
)
from admin.lists.export_files import ExportColumn
from admin.lists.filters import Choice, Since, Until
from admin.papers.bundles import PaperActions, valid_papers_of, void_papers_of
from models.case import access_notes
from models.case.case import load
from models.complaint.complaint import ENDED_ON_A_DAY, RUNNING, Complaint, Person, Run
from models.complaint.scope import viewer
from models.office.contacts import masked_words
from models.reading.queue import assignees_of
from models.store.base import now
from models.store.keyset import Few, OrderKey
from sop.access import SECRECY
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from sop.words import in_wib

PENGADU = Person.select(Person.name).where((Person.complaint == Complaint.id) & (Person.kind == "pengadu")).limit(1)
STARTED = (
    Run.select(Run.started_at)
    .where((Run.complaint == Complaint.id) & Run.ended_at.is_null())
    .order_by(Run.id.desc())
    .limit(1)
)
EXPRESSIONS: dict[str, object] = {
    "rank": (RUNNING & Complaint.emergency, RUNNING & ~Complaint.emergency, ~RUNNING),
}
ACCOUNT = "akun"  # in what a medium's references are called: they are names of people
GO_ON = "Buka satu untuk memproses, atau centang beberapa sekaligus."
BOOK, HANDOVER, IMPORT = "buku-register", "serah-terima", "impor"  # pages of their own in the access table


class PengaduanView(FindingView, WithIdentity, CaseActions, PaperActions):
    """/pengaduan/: emergencies first, then what is due first.

    FindingView comes first: Flask-Admin copies its own doors onto every mixin that is a view, and those would win.
    """

    create_view = Receiving.create_view

    noun, dress, undressed = "pengaduan", "cases", ("title",)
    joins = ("category", "unit", "medium", "kelurahan", "institution", "topic")
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
    jump_day, jump_number = "received_at", "number"
    column_default_sort = [("rank", False), ("row_due_at", False), ("id", True)]
    column_filters = (
        Choice("state", "Status", lambda: list(vocabulary().states.items())),
        Late(),
        Choice("category", "Kategori", lambda: kept_choices("Category")),
        OfUnit(),
        Choice("secrecy", "Kerahasiaan", tuple(SECRECY.items())),
        Choice("medium", "Media pengaduan", lambda: kept_choices("Medium")),
        Since("received_at", "Diterima"),
        Until("received_at", "Diterima"),
        ForMe(),
        GivenTo(),
        KeptBy(),
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
        "legal_due_at",
        "closed_at",
    )
    column_formatters = {
        "number": lambda view, context, row, name: number_in_low_row(row.number),
        "title": lambda view, context, row, name: title_cell(row) + way_found(row),
        "state": lambda view, context, row, name: state_cell(row),
        "received_at": lambda view, context, row, name: short_date(in_wib(row.received_at)),
        "row_due_at": lambda view, context, row, name: due_cell(row, Run.started_at.python_value(row.run_started)),
    }
    list_template = "admin/lists/cases.html"
    details_template = "admin/complaint.html"
    empty_text = (
        "Belum ada pengaduan yang dapat Anda buka. Pengaduan tampil di sini setelah dicatat petugas dan, untuk "
        "unit kerja, setelah didisposisikan."
    )

    @property
    def about(self) -> str:
        """With how to go on, for those who take steps at all."""
        return f"{super().about} {GO_ON}" if viewer(signed_in()).lanes else super().about

    def computed_columns(self) -> Mapping[str, Any]:
        return EXPRESSIONS

    def export_columns(self) -> list[ExportColumn]:
        """What the medium calls it, unless that is somebody's account: an export tells of no one who he is. When it
        ended, where that is known."""
        cells, moment = {column.column: column.cell for column in super().export_columns()}, Complaint.closed_at
        instead: dict[Any, tuple[Any, Any]] = {
            Complaint.medium_ref: (
                pw.Case(None, [(self.column("medium.reference_label").contains(ACCOUNT), "")], Complaint.medium_ref),
                masked_words,
            ),
            moment: (
                pw.Case(None, [(ENDED_ON_A_DAY, moment)], None),
                lambda value: cells[moment](moment.python_value(value)),
            ),
        }
        return [
            ExportColumn(column.head, *instead.get(column.column, (column.column, column.cell)))
            for column in super().export_columns()
        ]

    def get_query(self) -> Any:
        """With the pengadu's name and the start of the running clock in the same statement."""
        return super().get_query().select_extend(PENGADU.alias("pengadu_name"), STARTED.alias("run_started"))

    def rows(self, keys: list[int]) -> list[Any]:
        """With what changed for the person, and for a head with those whom his cases were given to."""
        rows, who = super().rows(keys), viewer(signed_in())
        news = news_of_rows(who, keys)
        names = assignees_of(row for row in rows if row.unit_id in who.heads) if who.heads else {}
        alone = who.units if not who.reads_all and len(who.units) == 1 else frozenset()
        for row in rows:
            row.news, row.assignees = news.get(row.id, ()), names.get(row.id, ())
            row.led_by = row.unit.name if row.unit_id and row.unit_id not in alone else ""
        return rows

    def order_by(self, sort_column: str | None, desc: bool, filters: Any = ()) -> list[OrderKey]:
        """Of a state that is asked for all cases have come to an end, or none has: some ranks are empty."""
        rank, *rest = keys = super().order_by(sort_column, desc, filters)
        asked = {value for index, _, value in filters or () if self.offered_filters[index].column is Complaint.state}
        if not (isinstance(rank, Few) and len(asked) == 1 and sort_column is None):
            return keys
        ranks = frozenset({0, 1} if asked <= vocabulary().open_states else {2})
        return [replace(rank, places=ranks), *rest]

    def paper_rows(self, row_ids: list[int]) -> Any:
        return valid_papers_of(row_ids)

    def void_rows(self, row_ids: list[int]) -> Any:
        return void_papers_of(row_ids)

    def case_rows(self, row_ids: list[int]) -> list[int]:
        return row_ids

    @property
    def create_label(self) -> str:  # type: ignore[override]  # read-only: the words of the procedure
        return current_procedure().receive.label

    def new_link(self) -> tuple[str, str] | None:
        """Where and with which words something new begins, for those who may."""
        return (url_for("pengaduan.create_view"), self.create_label) if may_receive() else None

    def ways_on(self) -> list[tuple[str, str]]:
        ways = [(HANDOVER, "Serah Terima"), (IMPORT, "Impor"), (BOOK, "Buku Register")]
        return [(words, url_for(f"{page}.index")) for page, words in ways if admits_to((page,))]

    @expose("/details/")
    def details_view(self) -> Any:
        """The complaint's page; opening it is noted once a version and person."""
        number = self.asked_row("details").id
        case = load([number], signed_in(), now()).get(number)
        if case is None:
            abort(404)
        access_notes.note(case)
        dossier = Dossier(case)
        page = self.render(
            self.details_template,
            model=case.complaint,
            dossier=dossier,
            urgent_here=urgent_of(case),
            return_url=self.return_url,
        )
        return closing_by_itself(page, dossier.opened)


def title_cell(row: Any) -> Markup:
    """The title, with emergency and what else is unusual before it; under it category, who complains, what changed."""
    marks = urgency_marks(row)
    head = badges(marks) + " " if marks else ""
    whom = masked_words(row.pengadu_name or "") or ("Anonim" if row.anonymous else "")
    under = sub_line(" · ".join(filter(None, (row.category.name, whom))))
    changed = Markup('<span class="sub">{}</span>').format(news_lines(row.news)) if row.news else ""
    return Markup('<span class="told-of">{}{}</span>{}{}').format(head, row.title, under, changed)


def state_cell(row: Any) -> Markup:
    """The state, and under it the unit that leads the case, unless it is the reader's only one, and those whom its head
    gave it to."""
    names = f"Pelaksana: {', '.join(row.assignees)}" if row.assignees else ""
    lines = [row.led_by, names]
    return state_badge(row.state) + Markup("").join(sub_line(line) for line in lines if line)


def views() -> list[PanelView]:
    return [PengaduanView(Complaint, "Pengaduan", endpoint="pengaduan", url="/pengaduan")]
