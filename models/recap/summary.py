"""What whoever leads asks first: a month beside those before it, what is stuck and where, and who takes longest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.office.people import Division
from models.recap.figures import BY_KEY, BY_SOP, ran_in
from models.recap.months import OF_MONTHS, MonthLine, counts_by_period, month_lines
from models.recap.period import Period
from models.recap.rowtimes import TimeSpread
from models.recap.waiting import WaitingLine, waiting_lines
from models.store.base import snapshot
from models.tables.complaint import Complaint, Run
from models.tables.scope import Viewer, visible
from sop import flow
from sop.procedure import BIDANG, ROWS

UNITS_OWN = tuple(  # what runs call the rows that are a unit's alone
    key for row in ROWS if all(step.actor == BIDANG for step in row.transitions) for key in flow.row_keys(row)
)
LATE = "lewat-sop"  # the figure


@dataclass(frozen=True)
class UnitTime:
    """How long a unit takes for the rows of the SOP that are its own alone, in minutes of working time."""

    name: str
    spread: TimeSpread


@dataclass(frozen=True)
class Summary:
    """A month of the office, or of some of its units, or another range of days."""

    period: Period
    counts: dict[str, int]  # of the range, as those of its months
    months: tuple[MonthLine, ...]
    late: int  # of what came in
    waiting: tuple[WaitingLine, ...]
    slowest: UnitTime | None


def month_summary(who: Viewer, period: Period, at: datetime, units: Collection[int] = ()) -> Summary:
    """Of a range, of what a person may open; of these units alone where some are named. What waits does so now."""
    also = Complaint.unit.in_(list(units)) if units else None
    with snapshot():
        late = _of(who, BY_KEY[LATE].condition(period, at), also).count()
        months, waiting = month_lines(who, period, at, also), waiting_lines(who, at, also)
        is_last = months[-1].month == period
        counts = months[-1].counts if is_last else counts_by_period(who, OF_MONTHS, [period], at, also)[0]
        return Summary(period, counts, months, late, waiting, _slowest(who, period, also))


def _of(who: Viewer, condition: Any, also: Any) -> Any:
    return visible(who.user, Complaint, who).where(condition if also is None else condition & also)


def _slowest(who: Viewer, period: Period, also: Any) -> UnitTime | None:
    """The unit whose median is the longest among what left its rows in the range."""
    runs = Run.select(Run.complaint, Run.minutes).where(ran_in(period) & Run.row_key.in_(UNITS_OWN)).alias("ran")
    mine = _of(who, BY_SOP & Complaint.unit.is_null(False), also).join(runs, on=(Complaint.id == runs.c.complaint_id))
    by_unit: dict[int, list[int]] = {}
    for unit, minutes in mine.select(Complaint.unit, runs.c.minutes).tuples():
        by_unit.setdefault(unit, []).append(minutes or 0)
    spreads = {unit: spread for unit, minutes in by_unit.items() if (spread := TimeSpread.of(minutes))}
    if not spreads:
        return None
    longest = max(spreads, key=lambda unit: (spreads[unit].median, spreads[unit].ninth, -unit))
    return UnitTime(str(Division.get_by_id(longest).name), spreads[longest])
