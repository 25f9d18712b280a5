"""Filters of the list of complaints only: lateness, the user's own turn, unit, assignee and petugas."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from admin.desk.queues import CALLING, CHANGED, LATE_AND_OPEN, LATE_BY_LAW, LATE_BY_ROW, MINE, OTHERS_TURN, TURN
from admin.door.rows import signed_in
from admin.door.sessions import cached_per_request
from admin.lists.case_filters import staff_choices, stored_choices
from admin.lists.cells import LAW_LATE, ROW_LATE, all_news
from admin.lists.filters import Choice
from models.case.in_force import decides
from models.complaint.complaint import (
    RUNNING,
    Addressee,
    Complaint,
    is_late_by_law,
    is_late_by_row,
    is_late_now,
    is_open,
    is_petugas_of,
    was_ever_late_by_row,
)
from models.complaint.event import Event
from models.complaint.scope import viewer
from models.reading.handover import people_with_cases
from models.reading.queue import has_next, is_calling, is_decided_by_others, is_given_to
from models.store.base import now
from sop.procedure import BIDANG
from sop.words import in_a_sentence

LATE: dict[str, tuple[str, Callable[[datetime], Any]]] = {  # label and condition by the filter's value
    LATE_BY_ROW: (ROW_LATE, is_late_by_row),
    LATE_BY_LAW: (LAW_LATE, is_late_by_law),
    LATE_AND_OPEN[0]: (LATE_AND_OPEN[1], is_late_now),
    "pernah": (f"Pernah {in_a_sentence(ROW_LATE)}", was_ever_late_by_row),
}
FOR_ME = (
    (CHANGED, "Ada yang berubah"),
    (TURN, "Giliran saya"),
    (OTHERS_TURN, "Diputuskan pejabat lain"),
    (CALLING, "Darurat, tindakan saya ditunggu"),
)


class Late(Choice):
    """Cases that are late now, ended late, or were ever late."""

    key = "late"

    def __init__(self) -> None:
        super().__init__(Complaint.row_due_at, "Keterlambatan", [(value, words) for value, (words, _) in LATE.items()])

    def apply(self, query: Any, value: str) -> Any:
        return query.where(LATE[value][1](now()))


class ForMe(Choice):
    """The user's own relation to the case: changed, own turn, and so on."""

    key = "for_me"

    def __init__(self) -> None:
        super().__init__(Event.act, "Bagi saya", for_me_choices)

    def apply(self, query: Any, value: str) -> Any:
        who = viewer(signed_in())
        conditions = {TURN: has_next, OTHERS_TURN: is_decided_by_others, CALLING: is_calling}
        return query.where(conditions[value](who) if value in conditions else Complaint.id.in_(list(all_news(who))))


class Urgent(Choice):
    """Unfinished emergencies."""

    key, is_offered = "urgent", False

    def __init__(self) -> None:
        super().__init__(Complaint.emergency, "Darurat", (("1", "Belum selesai"),))

    def apply(self, query: Any, value: str) -> Any:
        return query.where(RUNNING & Complaint.emergency)


class OfUnit(Choice):
    """The lead unit; for a head also the units headed today, as one choice."""

    def __init__(self) -> None:
        super().__init__("unit", "Unit kerja", unit_choices)

    def apply(self, query: Any, value: str) -> Any:
        return query.where(self.column.in_(sorted(_heads())) if value == MINE else self.column == value)


class AssignedTo(Choice):
    """The assignee: the user, or for a head each member of the unit."""

    key = "assignee"

    def __init__(self) -> None:
        super().__init__(Addressee.user, "Pelaksana", assignee_choices)

    def apply(self, query: Any, value: str) -> Any:
        return query.where(is_given_to(signed_in().id if value == MINE else int(value)))


class ByPetugas(Choice):
    """The petugas in charge of the case."""

    key = "keeper"

    def __init__(self) -> None:
        super().__init__(Complaint.keeper, "Petugas", lambda: people_choices("kept"))

    def apply(self, query: Any, value: str) -> Any:
        return query.where(is_petugas_of(int(value)) & is_open())


def for_me_choices() -> list[tuple[str, str]]:
    """The choices that apply to the user: "decided by others" only for users who decide."""
    who = viewer(signed_in())
    offered = [(value, label) for value, label in FOR_ME if value != OTHERS_TURN or decides(who)]
    return offered if who.lanes else []


def unit_choices() -> list[tuple[Any, str]]:
    """All units; for a head first the units headed today, as one choice."""
    return [(MINE, "Yang saya pimpin")] * bool(_heads()) + stored_choices("Division")


def _heads() -> frozenset[int]:
    return viewer(signed_in()).heads


def assignee_choices() -> list[tuple[str, str]]:
    """The user, and assignees: a head's own staff, or all staff for users who read all cases."""
    who = viewer(signed_in())
    others = staff_choices() if who.lanes - {BIDANG} or who.mandated else people_choices("assigned")
    return [(MINE, "Saya")] * (BIDANG in who.lanes) + others


def people_choices(gives: str) -> list[tuple[str, str]]:
    """Users with cases that the user can hand over; `gives`: "kept" as petugas, or "assigned"."""
    return [(str(number), name) for number, name in _people_by_kind().get(gives, ())]


@cached_per_request
def _people_by_kind() -> dict[str, list[tuple[int, str]]]:
    return people_with_cases(viewer(signed_in()))
