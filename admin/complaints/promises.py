"""Janji: promises in the cases that the user may open, sorted by due day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from admin.case.parts import promise_badge
from admin.desk.cards import DUE
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.case_filters import case_filters
from admin.lists.cells import NOTHING, nowrap, short_date, state_badge, without_breaks
from admin.lists.filters import Choice, Since, Until
from admin.lists.jump import Jump
from admin.papers.status import complaint_link
from models.complaint.scope import viewer
from models.office.people import today
from models.reading.promises import due_ids
from models.records.promises import CARETAKERS, ENDS, WAITING, Pledge
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


class JanjiView(PanelView):
    """/janji/: each row links to its case, where the outcome is recorded."""

    noun = "janji"
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
        Choice("caretaker", "Yang memeriksa", tuple(CARETAKERS.items())),
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
