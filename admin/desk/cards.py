"""Cards of the start pages: overview, powers used, promises due, emergencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import peewee as pw
from flask import Flask, request, url_for
from markupsafe import Markup
from werkzeug.local import LocalProxy

from admin.case.acts import ActButton, buttons_of
from admin.case.parts import promise_badge
from admin.case.steps import step_url
from admin.desk.queues import LATE_AND_OPEN, calling_url, filtered_list_url, late_url, queue_url
from admin.door.rows import ROW_ID, signed_in
from admin.door.sessions import once_a_request
from admin.lists.cells import Tally
from admin.office import checklist
from admin.office.condition import DutyLine, trouble_lines
from models.case import access_notes
from models.case.access_notes import Unseen, note_seen, unseen_uses, whom_to_tell
from models.case.case import Case, load
from models.complaint.accesslog import LINK_MADE, LINK_USED, OPENED_UP, PowerUse
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, viewer
from models.office import decree
from models.office.people import Acting, User, place_of, post_name, today
from models.reading import queue
from models.reading.promises import due_promises, settling_act
from models.records.base import Readymade
from models.records.promises import Pledge
from models.records.registry import RECORDS
from models.store.base import now
from sop import access
from sop.vocabulary import vocabulary
from sop.words import format_long_moment


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
    states = [(state, label) for state, label in vocabulary().states.items() if totals.get(state)]
    return [late, *(Tally(label, totals[state], url=queue_url(state)) for state, label in states)]


@dataclass(frozen=True)
class OfficeSetup:
    """What an office must have and how it stands, how many people there are by role, and what the panel lacks."""

    checklist: list[checklist.Item]
    people: list[Tally]
    troubles: list[DutyLine]

    @property
    def backup(self) -> str:
        """How old the last good backup is, or how it is arranged otherwise: shown even when nothing is lacking."""
        return self.checklist[-1].summary


def setup_of_office() -> OfficeSetup:
    counted = User.select(User.role, pw.fn.COUNT(User.id)).where(User.active).group_by(User.role).tuples()
    numbers = dict(counted)
    people = [
        Tally(label, numbers.get(role, 0), url=filtered_list_url("pengguna", role=role, active="1"))
        for role, label in access.ROLES.items()
    ]
    return OfficeSetup(checklist.checklist_items(), people, trouble_lines())


MOST = 5  # that the card shows at a time
USES = "kejadian"  # the field of those that were shown
MADE = "Tautan kata sandi untuk {whose} dibuat {by} pada {at}."
USED = "Kata sandi {whose} dibuat lewat tautan pada {at} dari alamat {address}; tautannya dibuat {by} pada {made}."
OPENED = "Kerahasiaan {case} diturunkan dari rahasia oleh {by} pada {at}."
SOME_CASE = "satu pengaduan"
OWN, OTHERS = "akun Anda", "{name} ({place})"
ADVICE = "Bila Anda tidak memintanya, segera beri tahu {}."


@dataclass(frozen=True)
class PowerLine:
    """One such use in words, and the case that it is about where the person may read it."""

    id: int
    words: str
    case: Complaint | None
    url: str
    advice: str


class PowerCard:
    """What the person has not seen yet: asked for once a request, by the start page that shows it."""

    @cached_property
    def _unseen(self) -> Unseen:
        unseen = unseen_uses(viewer(signed_in()), MOST)
        access_notes.note_list(signed_in(), "kewenangan", unseen.cases.values())
        return unseen

    @property
    def count(self) -> int:
        return self._unseen.count

    @cached_property
    def lines(self) -> list[PowerLine]:
        return [_line_of(use, self._unseen.cases.get(use.complaint_id)) for use in self._unseen.uses]


def _line_of(use: PowerUse, case: Complaint | None) -> PowerLine:
    own = use.person_id == signed_in().id
    words = {LINK_MADE: MADE, LINK_USED: USED, OPENED_UP: OPENED}[use.kind].format(
        whose=OWN if own else use.person and OTHERS.format(name=use.person.name, place=place_of(use.person)),
        by=use.by.name,
        at=format_long_moment(use.at),
        made=format_long_moment(use.made_at) if use.made_at else "",
        address=use.address or "yang tidak diketahui",
        case=f"pengaduan {case.number}" if case else SOME_CASE,
    )
    url = url_for("pengaduan.details_view", id=case.id) if case else ""
    return PowerLine(use.id, words, case, url, ADVICE.format(whom_to_tell(signed_in())) if own else "")


def note_sent() -> None:
    """Those that the card showed have been seen."""
    sent = request.form.get(USES, "").split(",")
    note_seen(viewer(signed_in()), [int(number) for number in sent if ROW_ID.fullmatch(number)][:MOST])


def install_powers(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not ask must not touch the database."""
    app.context_processor(lambda: {"powers": LocalProxy(_card)})


@once_a_request
def _card() -> PowerCard:
    return PowerCard()


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
    act = settling_act()
    return DueLine(case, url, row.words, promise_badge(row), act.label, step_url(act, [case.id]))


MOST_CASES = 5  # cases that the card shows


@dataclass(frozen=True)
class UrgentCase:
    """One such case, and the acts that it calls for, each with the fillings that take one tap."""

    complaint: Complaint
    url: str
    acts: list[tuple[ActButton, list[Readymade]]]


class Calling:
    """What calls for an act of the signed-in user: asked for once a request, by the page that shows it."""

    @cached_property
    def count(self) -> int:
        return queue.count_calling(viewer(signed_in()))

    @property
    def url(self) -> str:
        """The list of all of them."""
        return calling_url()

    @cached_property
    def cases(self) -> list[UrgentCase]:
        """The first of them, noted as read."""
        user, who = signed_in(), viewer(signed_in())
        found = load(queue.first_calling(who, MOST_CASES), user, now(), who=who) if self.count else {}
        access_notes.note_list(user, "darurat", (case.complaint for case in found.values()))
        return [one for case in found.values() for one in urgent_of(case)]


def urgent_of(case: Case) -> list[UrgentCase]:
    """The case with what it calls for; nothing where it calls for no act of the person's."""
    acts = [(act, RECORDS[act.transition.record].readymade(case)) for act in buttons_of(case).called]
    url = url_for("pengaduan.details_view", id=case.complaint.id)
    return [UrgentCase(case.complaint, url, acts)] if acts else []


def install_urgent(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not ask must not touch the database."""
    app.context_processor(lambda: {"urgent": LocalProxy(_calling)})


@once_a_request
def _calling() -> Calling:
    return Calling()
