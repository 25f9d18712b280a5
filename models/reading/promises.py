"""Promises due for a user, figures about the promises of a range of days, and the papers about promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

import peewee as pw

from models.case.access_notes import is_secret, unless_secret
from models.case.content_parts import frame
from models.complaint.complaint import Complaint, Person, is_erased
from models.complaint.paper import Content
from models.complaint.scope import Viewer, any_of, is_handler, shape, visible
from models.office import wording
from models.office.people import Division, Officer, User, posts_by_unit, signatory, title_of
from models.office.settings import values
from models.records.entry import missing
from models.records.promises import BROKEN, CARETAKERS, ENDS, KEPT, UNIT, WAITING, Pledge, Settlement
from models.store import prepared
from sop.clock import WIB
from sop.procedure import BIDANG, PETUGAS, Transition
from sop.signers import PENGADU
from sop.vocabulary import vocabulary

LOOKING_AFTER = {PETUGAS, BIDANG}


def settling_act() -> Transition:
    """The act that records the outcome of a promise."""
    return next(act for act in vocabulary().transitions.values() if act.record == Settlement.key)


@dataclass(frozen=True)
class DuePromises:
    """The number of promises due for a user today, how many are overdue, and the first of them."""

    count: int
    late: int
    first: list[Pledge]


@dataclass(frozen=True)
class PromiseFigures:
    """Figures about promises within a range of days, for the recap."""

    made: int
    kept: int
    broken: int
    overdue: int  # still open although their day, within the range, has passed


def due_promises(who: Viewer, day: date, most: int) -> DuePromises:
    """The promises due for the user by this day, oldest first; `most` of them with their cases. One statement."""
    if not LOOKING_AFTER & who.lanes:
        return DuePromises(0, 0, [])
    key = ("due_promises", *shape(who), most)
    due = prepared.run(key, lambda: _first_due(who, most), day=Pledge.day.db_value(day))
    return DuePromises(due[0].counts.every, due[0].counts.late, due) if due else DuePromises(0, 0, [])


def _first_due(who: Viewer, most: int) -> Any:
    day = prepared.slot("day")
    every, late = pw.fn.COUNT(Pledge.id).over(), pw.fn.SUM(pw.Case(None, [(Pledge.day < day, 1)], 0)).over()
    first = _due(who, day).select(Pledge.id, every.alias("every"), late.alias("late"))
    first = first.order_by(Pledge.day, Pledge.id).limit(most).alias("first")
    rows = Pledge.select(Pledge, Complaint, first.c.every, first.c.late).join(Complaint)
    rows = rows.join_from(Pledge, first, on=(Pledge.id == first.c.id), attr="counts")
    return rows.order_by(Pledge.day, Pledge.id)


def due_ids(who: Viewer, day: date) -> Any:
    """The promises due for the user by this day, as a query of their ids."""
    return _due(who, day).select(Pledge.id)


def _due(who: Viewer, day: Any) -> Any:
    """The open promises that are due, each checked against its case by EXISTS: run on every page, so it must start from
    the few promises instead of from all cases."""
    own = (Complaint.id == Pledge.complaint) & _waits() & _looks_after(who)
    looked_after = pw.fn.EXISTS(Complaint.select(pw.SQL("1")).where(own))
    return visible(who.user, Pledge, who).where(WAITING & (Pledge.day <= day) & looked_after)


def _waits() -> Any:
    """Condition: the promise is open, and its case still accepts the settling act and is not erased."""
    return WAITING & Complaint.state.in_(sorted(vocabulary().starts(settling_act()))) & ~is_erased()


def _looks_after(who: Viewer) -> Any:
    """Condition: the user is in charge: of promises of the leading unit its handlers, of all others the Petugas."""
    of_unit = (Pledge.caretaker == UNIT) & Complaint.unit.is_null(False)
    ways = [~of_unit] * (PETUGAS in who.lanes) + [of_unit & is_handler(who)] * (BIDANG in who.lanes)
    return any_of(ways)


def promise_figures(who: Viewer, first: date, last: date, today: date) -> PromiseFigures:
    """Promises in cases visible to the user: made, fulfilled and broken within these days, and overdue."""
    since, until = (datetime.combine(day, time(), WIB) for day in (first, last + timedelta(days=1)))
    ended = (Pledge.ended_at >= since) & (Pledge.ended_at < until)
    late = _waits() & Pledge.day.between(first, min(last, today - timedelta(days=1)))
    conditions = (
        (Pledge.made_at >= since) & (Pledge.made_at < until),
        ended & (Pledge.end == KEPT),
        ended & (Pledge.end == BROKEN),
        late,
    )
    sums = [pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(condition, 1)], 0)), 0) for condition in conditions]
    mine = visible(who.user, Complaint, who).join(Pledge, on=(Pledge.complaint == Complaint.id))  # a row per promise
    return PromiseFigures(*mine.select(*sums).tuples().get())


AGENDA, AGENDA_TITLE = "agenda_janji", "Agenda Janji"
SLIP, SLIP_TITLE = "slip_janji", "Slip Janji"
MOST_ON_A_SLIP = 6  # promises, so that it stays half a sheet


class AgendaRow(TypedDict):
    """A promise on the agenda; of a rahasia case without what was promised and by whom it is checked."""

    day: str
    register: str
    what: str
    caretaker: str
    end: str


def agenda(promises: Sequence[Pledge], *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the list of these promises by day, each with its case; printed on request, never stored."""
    units = {unit.id: str(unit.name) for unit in Division.select()}
    return {
        **frame(AGENDA, AGENDA_TITLE, at=at, demo=demo),
        "rows": [_line(promise, at, units) for promise in sorted(promises, key=_by_day)],
        "printer": _printer(by, at),
    }


def _line(promise: Pledge, at: datetime, units: dict[int, str]) -> AgendaRow:
    case = promise.complaint
    late = promise.day < at.astimezone(WIB).date()
    return {
        "day": _midnight(promise.day),
        "register": case.number,
        "what": unless_secret(case, promise.what),
        "caretaker": unless_secret(case, _caretaker(promise, units)),
        "end": ENDS.get(promise.end, "Lewat tanggal" if late else "Menunggu"),
    }


def promise_slip(promises: Sequence[Pledge], *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the slip that the pengadu takes home: what is promised by when in his case, who sees to each, what
    the office still needs of him, and whom he asks. Of a rahasia case number and days only, as on its Tanda Terima."""
    case = promises[0].complaint
    secret, units = is_secret(case), {case.unit_id: str(case.unit.name)} if case.unit_id else {}
    return {
        **frame(SLIP, SLIP_TITLE, at=at, demo=demo),
        "wording": wording.texts_of("tanda_terima", values()),
        "register": case.number,
        "kept_back": secret,
        "rows": [
            {
                "day": _midnight(promise.day),
                "what": "" if secret else promise.what,
                "caretaker": "" if secret else _caretaker(promise, units),
            }
            for promise in sorted(promises, key=_by_day)
        ],
        "missing": [] if secret else missing(case, _pengadu_of(case)),
        "printer": _printer(by, at),
    }


def _caretaker(promise: Pledge, units: dict[int, str]) -> str:
    """Who sees to a promise: the Petugas, or the unit by its name."""
    of_unit = units.get(promise.complaint.unit_id) if promise.caretaker == UNIT else None
    return of_unit or CARETAKERS[promise.caretaker]


def _pengadu_of(case: Complaint) -> Person | None:
    person: Person | None = Person.get_or_none((Person.complaint == case) & (Person.kind == PENGADU))
    return person


def _by_day(promise: Pledge) -> tuple[date, int]:
    return promise.day, promise.id


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), WIB).isoformat()


def _printer(by: User, at: datetime) -> Officer:
    return signatory(by, title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())).printed
