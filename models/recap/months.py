"""Month by month, or week by week: how many cases came in and how many were answered, by the groups of the recap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.recap.figures import BY_KEY, ENDED, RECEIVED
from models.recap.period import Period
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible

MONTHS_BACK = 13  # the same month of the year before is the first
MOMENTS = {RECEIVED: Complaint.received_at, ENDED: Complaint.closed_at}
OF_MONTHS = ("masuk", "luar", "selesai", "selesai-luar", "lain", "lain-dijawab")  # figures


@dataclass(frozen=True)
class MonthLine:
    """One month with its figures by key, those of OF_MONTHS."""

    month: Period
    counts: dict[str, int]

    @property
    def received(self) -> int:
        return self.counts["masuk"]

    @property
    def ended(self) -> int:
        return self.counts["selesai"]


def month_lines(
    who: Viewer, last: Period, at: datetime, also: Any = None, count: int = MONTHS_BACK
) -> tuple[MonthLine, ...]:
    """So many months up to the one in which a range ends, of what a person may open; `also` is asked of each case."""
    months = [Period.months_from(last.last.year, last.last.month - back) for back in reversed(range(count))]
    return tuple(map(MonthLine, months, counts_by_period(who, OF_MONTHS, months, at, also)))


def counts_by_period(
    who: Viewer, keys: Sequence[str], periods: Sequence[Period], at: datetime, also: Any = None
) -> list[dict[str, int]]:
    """The figures of each of some ranges that follow each other, one statement for each moment by whose index they are
    found."""
    counts: list[dict[str, int]] = [dict.fromkeys(keys, 0) for _ in periods]
    for base, moment in MOMENTS.items():
        figures = [BY_KEY[key] for key in keys if BY_KEY[key].base == base]
        sums = [pw.fn.SUM(pw.Case(None, [(figure.which(periods[-1], at), 1)], 0)) for figure in figures]
        place = _place(moment, periods)
        asked = (moment >= periods[0].begins) & (moment < periods[-1].ends)
        mine = visible(who.user, Complaint, who).where(asked if also is None else asked & also)
        first_column = pw.SQL("1")  # its values are sent along, so the same words again are to PostgreSQL not the same
        for here, *found in mine.select(place, *sums).group_by(first_column).tuples():
            counts[here].update(zip((figure.key for figure in figures), map(int, found), strict=True))
    return counts


def _place(moment: pw.Field, periods: Sequence[Period], first: int = 0) -> Any:
    """Of a moment within ranges that follow each other, the place of its own: by halves, as each row is asked."""
    middle = len(periods) // 2
    if not middle:
        return pw.Value(first, converter=False)
    earlier, later = _place(moment, periods[:middle], first), _place(moment, periods[middle:], first + middle)
    return pw.Case(None, [(moment < periods[middle].begins, earlier)], later)
