"""What the leadership, the pengawas and the admin see besides their queues."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import peewee as pw

from admin.kit.tally import Tally
from admin.settings import checklist
from admin.settings.condition import DutyLine, trouble_lines
from admin.waiting.queues import LATE_AND_OPEN, filtered_list_url, late_url, queue_url
from models.complaint.scope import Viewer
from models.office import decree
from models.office.people import Acting, User, post_name, today
from models.reading import queue
from sop import access, flow


def acting_lines() -> list[str]:
    """Acting officials in force and ahead, each in one line: "Selama 3–7 November 2026 Plh. Kepala Dinas: …"."""
    return [acting_line(row) for row in decree.registered_actings(today())]


def acting_title(rows: Iterable[Acting], user: User) -> str:
    """Whom the person acts for today, of the office itself: "Plh. Kepala Dinas"; "" for the holder."""
    mine = (row for row in rows if row.user_id == user.id and row.division_id is None and row.valid_from <= today())
    return next((f"{row.kind} {post_name(None)}" for row in mine), "")


def acting_line(row: Acting) -> str:
    when = f"Selama {row.span}" if row.valid_to else f"{row.span[:1].upper()}{row.span[1:]}"
    return f"{when} {row} ({row.decree})"


def tallies(who: Viewer, at: datetime) -> list[Tally]:
    """All that a pengawas may read: what is late, and each state."""
    totals = queue.totals(who, at)
    late = Tally(LATE_AND_OPEN[1], totals["late"], url=late_url())
    states = [(state, label) for state, label in flow.states() if totals.get(state)]
    return [late, *(Tally(label, totals[state], url=queue_url(state)) for state, label in states)]


@dataclass(frozen=True)
class OfficeSetup:
    """What an office must have and how it stands, how many people there are by role, and what the panel lacks."""

    checklist: list[checklist.Item]
    people: list[Tally]
    troubles: list[DutyLine]

    @property
    def backup(self) -> str:
        """How old the last good backup is, or how it is arranged otherwise: told even when nothing is lacking."""
        return self.checklist[-1].summary


def setup_of_office() -> OfficeSetup:
    counted = User.select(User.role, pw.fn.COUNT(User.id)).where(User.active).group_by(User.role).tuples()
    numbers = dict(counted)
    people = [
        Tally(label, numbers.get(role, 0), url=filtered_list_url("pengguna", role=role, active="1"))
        for role, label in access.ROLES.items()
    ]
    return OfficeSetup(checklist.checklist_items(), people, trouble_lines())
