"""What was promised in a case, as its page tells it: what waits with its day, and what came of the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from admin.case.acts import ActButton
from admin.kit.columns import BADGE
from models.case.case import Case
from models.office.people import today
from models.records.promises import CARETAKERS, ENDS, KEPT, Pledge, Promise
from sop.words import format_date

SOON, LATE = "Jatuh tempo hari ini", "Lewat {} hari"


@dataclass(frozen=True)
class PromiseLine:
    """One promise: what, for when, how it stands, who looks after it while it waits."""

    what: str
    day: str
    badge: Markup
    caretaker: str


def promise_lines(case: Case) -> list[PromiseLine]:
    """What waits first, what is due first of that; then what has ended, the latest first."""
    rows = Pledge.select().where(Pledge.complaint == case.complaint)
    waiting = sorted((row for row in rows if row.ended_at is None), key=lambda row: (row.day, row.id))
    ended = sorted((row for row in rows if row.ended_at), key=lambda row: row.ended_at, reverse=True)
    return [_line(row) for row in (*waiting, *ended)]


def promise_acts(buttons: Iterable[ActButton]) -> list[ActButton]:
    """Of the acts that the person may take now, those on what was promised: they need a promise that waits."""
    return [act for act in buttons if any(need.record == Promise.key for need in act.transition.needs)]


def _line(row: Pledge) -> PromiseLine:
    caretaker = "" if row.ended_at else CARETAKERS[row.caretaker]
    return PromiseLine(row.what, format_date(row.day), promise_badge(row), caretaker)


def promise_badge(row: Pledge) -> Markup:
    """How a promise stands: what came of it, else how its day lies to today."""
    if row.ended_at:
        return BADGE.format("good" if row.end == KEPT else "neutral", ENDS[row.end])
    late = (today() - row.day).days
    if late > 0:
        return BADGE.format("bad late", LATE.format(late))
    return BADGE.format(*(("warn", SOON) if late == 0 else ("wait", _ahead(row.day))))


def _ahead(day: date) -> str:
    days = (day - today()).days
    return "Besok" if days == 1 else f"{days} hari lagi"
