"""Cards of the start pages: overview, security events, promises due, emergencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import Flask, request, url_for
from markupsafe import Markup
from werkzeug.local import LocalProxy

from admin.case.acts import ActButton, called_acts
from admin.case.parts import promise_badge
from admin.case.steps import step_url
from admin.desk.counts import frame_counts
from admin.desk.queues import LATE_AND_OPEN, filtered_list_url, late_url, queue_url, urgent_url
from admin.door.rows import ROW_ID, signed_in
from admin.door.sessions import cached_per_request
from admin.lists.cells import Tally
from admin.office import checklist
from admin.office.condition import CheckLine, failed_check_lines
from models.case import access_notes
from models.case.access_notes import Unseen, mark_uses_seen, unseen_uses, whom_to_tell
from models.case.case import Case, load
from models.complaint.accesslog import LINK_MADE, LINK_USED, OPENED_UP, PowerUse
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, viewer
from models.office import decree
from models.office.people import Acting, User, place_of, post_name, today
from models.reading import queue
from models.reading.promises import due_promises, settling_act
from models.records.base import Preset
from models.records.promises import Pledge
from models.records.registry import RECORDS
from models.store.base import now
from sop import access
from sop.vocabulary import vocabulary
from sop.words import format_long_moment


def acting_lines() -> list[str]:
    """Present and future acting officials, a line each: "Selama 3–7 November 2026 Plh. Kepala Dinas: …"."""
    return [acting_line(row) for row in decree.registered_actings(today())]


def acting_title(rows: Iterable[Acting], user: User) -> str:
    """The user's title as acting head of the office today: "Plh. Kepala Dinas"; "" for the holder."""
    own = (row for row in rows if row.user_id == user.id and row.division_id is None and row.valid_from <= today())
    return next((f"{row.kind} {post_name(None)}" for row in own), "")


def acting_line(row: Acting) -> str:
    when = f"Selama {row.span}" if row.valid_to else f"{row.span[:1].upper()}{row.span[1:]}"
    return f"{when} {row} ({row.decree})"


def tallies(who: Viewer, at: datetime) -> list[Tally]:
    """The figures for a pengawas: how many are late, and how many in each state."""
    totals = queue.totals(who, at)
    late = Tally(LATE_AND_OPEN[1], totals["late"], url=late_url())
    states = [(state, label) for state, label in vocabulary().states.items() if totals.get(state)]
    return [late, *(Tally(label, totals[state], url=queue_url(state)) for state, label in states)]


@dataclass(frozen=True)
class OfficeSetup:
    """The setup checklist of the office, the number of users by role, and failed checks of the panel."""

    checklist: list[checklist.Item]
    people: list[Tally]
    troubles: list[CheckLine]

    @property
    def backup(self) -> str:
        """The age of the last good backup, or how backups are made otherwise; shown even if no check fails."""
        return self.checklist[-1].summary


def setup_of_office() -> OfficeSetup:
    numbers = checklist.count_active_by_role()
    people = [
        Tally(label, numbers[role], url=filtered_list_url("pengguna", role=role, active="1"))
        for role, label in access.ROLES.items()
    ]
    return OfficeSetup(checklist.checklist_items(), people, failed_check_lines())


MOST = 5  # events that the card shows at a time
USES = "kejadian"  # the form field with the ids of the events shown
MADE = "Tautan kata sandi untuk {whose} dibuat {by} pada {at}."
USED = "Kata sandi {whose} dibuat lewat tautan pada {at} dari alamat {address}; tautannya dibuat {by} pada {made}."
OPENED = "Kerahasiaan {case} diturunkan dari rahasia oleh {by} pada {at}."
SOME_CASE = "satu pengaduan"
OWN, OTHERS = "akun Anda", "{name} ({place})"
ADVICE = "Bila Anda tidak memintanya, segera beri tahu {}."


@dataclass(frozen=True)
class SecurityEventLine:
    """One security event in words, and its case if the user may read that."""

    id: int
    words: str
    case: Complaint | None
    url: str
    advice: str


class SecurityEventsCard:
    """The events that the user has not confirmed yet; queried once a request, by the start page."""

    @cached_property
    def _unseen(self) -> Unseen:
        unseen = unseen_uses(viewer(signed_in()), MOST)
        access_notes.log_list(signed_in(), "kewenangan", unseen.cases.values())
        return unseen

    @property
    def count(self) -> int:
        return self._unseen.count

    @cached_property
    def lines(self) -> list[SecurityEventLine]:
        return [_line_of(use, self._unseen.cases.get(use.complaint_id)) for use in self._unseen.uses]


def _line_of(use: PowerUse, case: Complaint | None) -> SecurityEventLine:
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
    return SecurityEventLine(use.id, words, case, url, ADVICE.format(whom_to_tell(signed_in())) if own else "")


def mark_card_seen() -> None:
    """Mark the events that the card showed as seen."""
    sent = request.form.get(USES, "").split(",")
    mark_uses_seen(viewer(signed_in()), [int(number) for number in sent if ROW_ID.fullmatch(number)][:MOST])


def install_powers(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not use it must not query the database."""
    app.context_processor(lambda: {"powers": LocalProxy(_card)})


@cached_per_request
def _card() -> SecurityEventsCard:
    return SecurityEventsCard()


DUE = ("saya", "Jatuh tempo bagi saya")  # value and label of the list's filter


@dataclass(frozen=True)
class DueLine:
    """One due promise: its case, text, due date, and the act that records its outcome."""

    case: Complaint
    url: str
    what: str
    badge: Markup
    act: str
    act_url: str


@dataclass(frozen=True)
class DueCard:
    """The due promises: their number, the first of them, and the address of the full list."""

    count: int
    late: int
    lines: list[DueLine]
    url: str


def due_card(who: Viewer, most: int) -> DueCard:
    due = due_promises(who, today(), most)
    lines = []
    for row in due.first:
        case, act = row.complaint, settling_act()
        url = url_for("pengaduan.details_view", id=case.id)
        lines.append(DueLine(case, url, row.words, promise_badge(row), act.label, step_url(act, [case.id])))
    list_url = filtered_list_url("janji", **{Pledge.end.name: DUE[0]})
    return DueCard(due.count, due.late, lines, list_url)


@dataclass(frozen=True)
class UrgentCase:
    """One urgent case and the acts that it calls for, each with its one-click values."""

    complaint: Complaint
    url: str
    acts: list[tuple[ActButton, list[Preset]]]


class UrgentCases:
    """Urgent cases that need an act of the signed-in user; queried once a request."""

    @cached_property
    def count(self) -> int:
        return frame_counts().calling

    @property
    def url(self) -> str:
        return urgent_url()

    @cached_property
    def cases(self) -> list[UrgentCase]:
        """The first of them, recorded in the access log."""
        user, ids = signed_in(), frame_counts().first_calling
        cases = load(ids, user, now(), who=viewer(user), brief=True) if ids else {}
        access_notes.log_list(user, "darurat", (case.complaint for case in cases.values()))
        return [urgent for case in cases.values() for urgent in urgent_of(case)]


def urgent_of(case: Case) -> list[UrgentCase]:
    """The case with the acts it calls for; [] where it needs no act of the user."""
    acts = [(act, RECORDS[act.transition.record].presets(case)) for act in called_acts(case)]
    url = url_for("pengaduan.details_view", id=case.complaint.id)
    return [UrgentCase(case.complaint, url, acts)] if acts else []


def install_urgent(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not use it must not query the database."""
    app.context_processor(lambda: {"urgent": LocalProxy(_calling)})


@cached_per_request
def _calling() -> UrgentCases:
    return UrgentCases()
