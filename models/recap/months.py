"""Month by month: how many cases came in and how many ended, up to the month that is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.recap.figures import COUNTED
from models.recap.period import Period
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible

MONTHS_BACK = 13  # the same month of the year before is the first


@dataclass(frozen=True)
class MonthLine:
    """One month: what came in and what ended in it."""

    month: Period
    received: int
    ended: int


def month_lines(who: Viewer, last: Period, also: Any = None, count: int = MONTHS_BACK) -> tuple[MonthLine, ...]:
    """So many months up to the one in which a range begins, of what a person may open; `also` is asked of each case."""
    months = [Period.months_from(last.first.year, last.first.month - back) for back in reversed(range(count))]
    received = dict(counts_by_period(who, Complaint.received_at, months, also))
    ended = dict(counts_by_period(who, Complaint.closed_at, months, also))
    return tuple(MonthLine(one, received.get(place, 0), ended.get(place, 0)) for place, one in enumerate(months))


def counts_by_period(
    who: Viewer, moment: pw.Field, periods: Sequence[Period], also: Any = None
) -> Iterator[tuple[int, int]]:
    """How many by the place of the period, of such as follow each other; found by the moment's index."""
    place = pw.Case(None, [(moment < one.ends, place) for place, one in enumerate(periods)], len(periods))
    asked = COUNTED & (moment >= periods[0].begins) & (moment < periods[-1].ends)
    mine = visible(who.user, Complaint, who).where(asked if also is None else asked & also)
    first_column = pw.SQL("1")  # its values are sent along, so the same words again are to PostgreSQL not the same
    yield from mine.select(place, pw.fn.COUNT(Complaint.id)).group_by(first_column).tuples()
