"""What was promised and is due, on the start page of whoever looks after it; what is past its day warns."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from admin.case.promised import promise_badge
from admin.step.steps import step_url
from admin.waiting.queues import filtered_list_url
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer
from models.office.people import today
from models.reading.promises import SETTLE, due_promises
from models.records.promises import Pledge

DUE = ("saya", "Jatuh tempo bagi saya")  # the choice of the list's filter, and its words


@dataclass(frozen=True)
class DueLine:
    """One promise that is due: in which case, what, since when, and the way to note what came of it."""

    case: Complaint
    url: str
    what: str
    badge: Markup
    act: str
    act_url: str


@dataclass(frozen=True)
class DueCard:
    """What is due: how many, the first of them, and the list of all."""

    count: int
    late: int
    lines: list[DueLine]
    url: str


def due_card(who: Viewer, most: int) -> DueCard:
    due = due_promises(who, today(), most)
    return DueCard(due.count, due.late, [_due_line(row) for row in due.first], due_url())


def due_url() -> str:
    """The list of what is due for the person."""
    return filtered_list_url("janji", **{Pledge.end.name: DUE[0]})


def _due_line(row: Pledge) -> DueLine:
    case = row.complaint
    url = url_for("pengaduan.details_view", id=case.id)
    return DueLine(case, url, row.words, promise_badge(row), SETTLE.label, step_url(SETTLE, [case.id]))
