"""Janji: promises in the cases that the user may open, sorted by due day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash

from admin.case.parts import promise_badge
from admin.desk.cards import DUE
from admin.door.flaskadmin import ViewPart
from admin.door.gate import action
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.case_filters import case_filters
from admin.lists.cells import NOTHING, nowrap, short_date, state_badge, without_breaks
from admin.lists.export import pdf_response
from admin.lists.filters import Choice, Since, Until
from admin.lists.jump import Jump
from admin.papers.status import complaint_link
from models.case.access_notes import log_list
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.demo.demo import is_demo
from models.office.people import today
from models.reading.promises import LOOKING_AFTER, MOST_ON_A_SLIP, SLIP_TITLE, agenda, due_ids, promise_slip
from models.records.promises import CARETAKERS, ENDS, WAITING, Pledge
from models.store.base import among, now
from papers.printing import press
from sop.vocabulary import vocabulary

STANDS = (DUE, ("menunggu", "Menunggu"), ("lewat", "Menunggu dan lewat tanggal"), *ENDS.items())
RANK = (WAITING, ~WAITING)  # waiting ones first


class ByStanding(Choice):
    """The status of promises: due for the user, waiting, late, or an end."""

    key = "standing"

    def __init__(self) -> None:
        super().__init__(Pledge.end, "Keadaan", STANDS)

    def apply(self, query: Any, value: str) -> Any:
        if value == DUE[0]:
            return query.where(Pledge.id.in_(due_ids(viewer(signed_in()), today())))
        if value in ENDS:
            return query.where(Pledge.end == value)
        late = (Pledge.day < today()) if value == "lewat" else Pledge.day > date.min
        return query.where(WAITING & late)


MOST = 300  # promises on an agenda: one table
TOO_MANY = f"Agenda memuat paling banyak {MOST} janji; saring daftarnya dahulu, misalnya menurut tanggal."
OF_ONE_CASE = f"{SLIP_TITLE} memuat janji yang masih menunggu pada satu pengaduan, paling banyak {MOST_ON_A_SLIP}."


class PromisePapers(ViewPart):
    """Part of the list: the agenda of the chosen promises, and the slip for the pengadu of one case."""

    def allows(self, action: str) -> bool:
        """The slip is given by those who talk to the pengadu."""
        return action != "slip" or bool(LOOKING_AFTER & viewer(signed_in()).lanes)

    @action("agenda", "Cetak agenda")
    def agenda(self, ids: list[int]) -> Any:
        if len(ids) > MOST:
            flash(TOO_MANY, "warning")
            return None
        rows = self._chosen(ids, "agenda janji")
        content = agenda(rows, by=signed_in(), at=now(), demo=is_demo())
        return pdf_response(press.unissued_pdf(content), "agenda-janji.pdf", download=True)

    @action("slip", f"Cetak {SLIP_TITLE}")
    def slip(self, ids: list[int]) -> Any:
        rows = self._chosen(ids[: MOST_ON_A_SLIP + 1], "slip janji")
        if len({row.complaint_id for row in rows}) > 1 or len(rows) > MOST_ON_A_SLIP or any(row.end for row in rows):
            flash(OF_ONE_CASE, "warning")
            return None
        content = promise_slip(rows, by=signed_in(), at=now(), demo=is_demo())
        return pdf_response(press.unissued_pdf(content), "slip-janji.pdf", download=True)

    def _chosen(self, ids: list[int], what: str) -> list[Pledge]:
        """The chosen promises with their cases, entered in the access log."""
        query = Pledge.select(Pledge, Complaint).join(Complaint).where(among(Pledge.id, ids))
        rows = list(query)
        log_list(signed_in(), what, [row.complaint for row in rows])
        return rows


class JanjiView(PanelView):
    """/janji/: each row links to its case, where the outcome is recorded."""

    noun = "janji"
    papers = PromisePapers()
    joins = ("complaint",)
    can_export = True
    column_list = ("day", "what", "complaint.number", "stands", "caretaker", "made_at")
    column_labels = {
        "what": "Yang dijanjikan",
        "complaint.number": "Pengaduan",
        "complaint.state": "Status pengaduan",
        "stands": "Keadaan",
        "made_at": "Dicatat",
    }
    column_sortable_list = ("day", "complaint.number", "made_at")
    column_orders = {"complaint.number": Pledge.complaint}
    column_default_sort = [("rank", False), ("day", False), ("id", False)]
    column_searchable_list = ("what", "complaint.number")
    column_filters = (
        ByStanding(),
        Since("day", "Tanggal janji"),
        Until("day", "Tanggal janji"),
        Choice("caretaker", "Yang menangani", tuple(CARETAKERS.items())),
        Choice("complaint.state", "Status pengaduan", lambda: list(vocabulary().states.items())),
        *case_filters(Pledge),
    )
    column_export_list = (
        "complaint.number",
        "complaint.state",
        "what",
        "day",
        "caretaker",
        "moved",
        "end",
        "ended_at",
        "made_at",
    )
    column_formatters = {
        "day": lambda view, context, row, name: nowrap(short_date(row.day)),
        "what": lambda view, context, row, name: row.what,
        "complaint.number": lambda view, context, row, name: complaint_link(row.complaint),
        "complaint.state": lambda view, context, row, name: state_badge(row.complaint.state),
        "stands": lambda view, context, row, name: promise_badge(row),
        "caretaker": lambda view, context, row, name: CARETAKERS[row.caretaker] if not row.ended_at else NOTHING,
        "made_at": lambda view, context, row, name: nowrap(without_breaks(short_date(row.made_at))),
    }
    jump = Jump(day="made_at", number="complaint.number")
    empty_text = "Belum ada janji yang dapat Anda buka. Janji dicatat pada halaman pengaduannya."

    def computed_columns(self) -> Mapping[str, Any]:
        return {"rank": RANK}


def views() -> list[PanelView]:
    return [JanjiView(Pledge, "Janji", category="Laporan", endpoint="janji", url="/janji")]
