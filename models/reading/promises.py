"""What is due for whom, and what became of the promises of a span of days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint, is_erased
from models.complaint.scope import Viewer, is_handler, visible
from models.records.promises import BROKEN, KEPT, UNIT, WAITING, Pledge, Settlement
from sop.clock import WIB
from sop.procedure import BIDANG, PETUGAS, Transition
from sop.vocabulary import vocabulary

LOOKING_AFTER = {PETUGAS, BIDANG}


def settling_act() -> Transition:
    """The act that says what has become of a promise."""
    return next(act for act in vocabulary().transitions.values() if act.record == Settlement.key)


@dataclass(frozen=True)
class DuePromises:
    """How many promises a person is to look after today, how many of them since before, and the first of them."""

    count: int
    late: int
    first: list[Pledge]


@dataclass(frozen=True)
class PromiseFigures:
    """What became of promises within a span of days: for the recapitulation."""

    made: int
    kept: int
    broken: int
    overdue: int  # whose day was within the span, and that wait although it is over


def due_promises(who: Viewer, day: date, most: int) -> DuePromises:
    """What is due for the person by this day, the oldest first; `most` of them with their cases."""
    if not LOOKING_AFTER & who.lanes:
        return DuePromises(0, 0, [])
    late = pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(Pledge.day < day, 1)], 0)), 0)
    count, overdue = _due(who, day).select(pw.fn.COUNT(Pledge.id), late).tuples().get()
    query = due_ids(who, day).order_by(Pledge.day, Pledge.id).limit(most)
    ids = [number for (number,) in query.tuples()] if count else []
    rows = Pledge.select(Pledge, Complaint).join(Complaint).where(Pledge.id.in_(ids))
    return DuePromises(count, overdue, list(rows.order_by(Pledge.day, Pledge.id)))


def count_due(who: Viewer, day: date, most: int) -> int:
    """How many promises are due for the person by this day, counted up to `most`."""
    return int(due_ids(who, day).limit(most).count()) if LOOKING_AFTER & who.lanes else 0


def due_ids(who: Viewer, day: date) -> Any:
    """The promises that are due for the person by this day, as a query of their ids."""
    return _due(who, day).select(Pledge.id)


def _due(who: Viewer, day: date) -> Any:
    """The few that wait and whose day has come, each held against its case: every page asks, so never the other way
    round, from all cases that there have been."""
    here = (Complaint.id == Pledge.complaint) & _waits() & _looks_after(who)
    looked_after = pw.fn.EXISTS(Complaint.select(pw.SQL("1")).where(here))
    return visible(who.user, Pledge, who).where(WAITING & (Pledge.day <= day) & looked_after)


def _waits() -> Any:
    """A case in which nothing can be noted any more, voided or withdrawn or without its key, keeps nobody waiting."""
    return WAITING & Complaint.state.in_(sorted(vocabulary().starts(settling_act()))) & ~is_erased()


def _looks_after(who: Viewer) -> Any:
    """The unit that leads the case, for what it was to look after; the Petugas for all else, and where none leads."""
    of_unit = (Pledge.caretaker == UNIT) & Complaint.unit.is_null(False)
    ways = [~of_unit] * (PETUGAS in who.lanes) + [of_unit & is_handler(who)] * (BIDANG in who.lanes)
    return reduce(or_, ways) if ways else pw.SQL("1 = 0")


def _with_cases(who: Viewer) -> Any:
    """The cases that the person may read, each as often as something was promised in it."""
    return visible(who.user, Complaint, who).join(Pledge, on=(Pledge.complaint == Complaint.id))


def promise_figures(who: Viewer, first: date, last: date, today: date) -> PromiseFigures:
    """Of the cases that the person may read: what was made, kept and given up within these days, what is overdue."""
    since, until = (datetime.combine(day, time(), WIB) for day in (first, last + timedelta(days=1)))
    ended = (Pledge.ended_at >= since) & (Pledge.ended_at < until)
    late = _waits() & Pledge.day.between(first, min(last, today - timedelta(days=1)))
    conditions = (
        (Pledge.made_at >= since) & (Pledge.made_at < until),
        ended & (Pledge.end == KEPT),
        ended & (Pledge.end == BROKEN),
        late,
    )
    sums = [pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(one, 1)], 0)), 0) for one in conditions]
    return PromiseFigures(*_with_cases(who).select(*sums).tuples().get())
