"""How long each row of the SOP took within a range of days: the median and the 90th percentile of its runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import peewee as pw

from models.recap.figures import COUNTED, OF_ROW, OF_ROW_LATE, ran_in
from models.recap.period import Period
from models.tables.complaint import Complaint, Run
from models.tables.scope import Viewer, visible
from sop.procedure import ROWS, Row

MINUTE = 60
MEDIAN, NINTH = 50, 90


@dataclass(frozen=True)
class TimeSpread:
    """Of many times the one in the middle and the one that nine of ten do not exceed, in whole minutes."""

    median: int
    ninth: int

    @classmethod
    def of(cls, minutes: Iterable[int]) -> "TimeSpread | None":
        ordered = sorted(minutes)
        return cls(percentile(ordered, MEDIAN), percentile(ordered, NINTH)) if ordered else None


def percentile(ordered: Sequence[int], share: int) -> int:
    """By nearest rank: the smallest that at least so many of a hundred do not exceed."""
    return ordered[-(-len(ordered) * share // 100) - 1]


@dataclass(frozen=True)
class RowStatistics:
    """One row of the SOP: how many cases went through it, how many of them late, and how long its runs took."""

    no: int
    row: Row
    cases: int
    late: int
    working: TimeSpread | None
    calendar: TimeSpread | None

    @property
    def keys(self) -> tuple[str, str]:
        """Of the figures that count its cases, and those of them that were late."""
        return f"{OF_ROW}-{self.no}", f"{OF_ROW_LATE}-{self.no}"


@dataclass
class _Runs:
    cases: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    working: list[int] = field(default_factory=list)
    calendar: list[int] = field(default_factory=list)


def row_statistics(who: Viewer, period: Period, also: Any = True) -> tuple[RowStatistics, ...]:
    """Every row of the table, also one that nothing went through."""
    by_row = {no: _Runs() for no, _ in enumerate(ROWS, 1)}
    mine = (
        visible(who.user, Complaint, who)
        .where(COUNTED & (Complaint.id == Run.complaint))
        .where(also)
        .select(pw.SQL("1"))
    )
    spent = Run.ended_at.to_timestamp() - Run.started_at.to_timestamp()
    late = pw.Case(None, [(Run.ended_at > Run.due_at, 1)], 0)
    columns = (Run.row, Run.complaint, Run.minutes, spent, late)
    runs = Run.select(*columns).where(ran_in(period) & pw.fn.EXISTS(mine))
    for no, case, minutes, seconds, was_late in runs.tuples().iterator():
        if no in by_row:
            _add(by_row[no], case, minutes, int(seconds) // MINUTE, bool(was_late))
    return tuple(_statistics(no, row, by_row[no]) for no, row in enumerate(ROWS, 1))


def _add(runs: _Runs, case: int, minutes: int | None, calendar: int, late: bool) -> None:
    runs.cases.add(case)
    runs.calendar.append(calendar)
    if minutes is not None:
        runs.working.append(minutes)
    if late:
        runs.late.add(case)


def _statistics(no: int, row: Row, runs: _Runs) -> RowStatistics:
    spreads = TimeSpread.of(runs.working), TimeSpread.of(runs.calendar)
    return RowStatistics(no, row, len(runs.cases), len(runs.late), *spreads)
