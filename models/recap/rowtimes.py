"""How long each row of the SOP took within a range of days: the median and the 90th percentile of its runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import peewee as pw

from models.case.clocks import OfRow, norms_in_words
from models.recap.figures import THROUGH_ROWS, ran_in, row_figure_keys
from models.recap.period import Period
from models.store.base import database
from models.tables.complaint import Complaint, Run
from models.tables.scope import Viewer, visible
from sop import flow
from sop.procedure import Row

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
class RowStatistics(OfRow):
    """One row of the SOP: how many cases went through it, how many of them late, and how long its runs took."""

    no: int  # 0: the table has it no more
    row: Row
    standard: str  # by what the runs were measured
    cases: int
    late: int
    working: TimeSpread | None
    calendar: TimeSpread | None

    @property
    def keys(self) -> tuple[str, str]:
        """Of the figures that count its cases, and those of them that were late."""
        return row_figure_keys(self.row)

    @property
    def short(self) -> str:
        """Beside a bar."""
        return f"Baris {self.no}" if self.no else self.row.title


@dataclass
class _Runs:
    norms: dict[Any, None] = field(default_factory=dict)  # as the column holds them, in the order of the runs
    cases: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    working: list[int] = field(default_factory=list)
    calendar: list[int] = field(default_factory=list)


def row_statistics(who: Viewer, period: Period, also: Any = True) -> tuple[RowStatistics, ...]:
    """Every row of the table, also one that nothing went through; behind them what it has no more and was gone
    through."""
    by_row = {row.key: _Runs() for row in flow.rows_ever()}
    mine = (
        visible(who.user, Complaint, who)
        .where(THROUGH_ROWS & (Complaint.id == Run.complaint))
        .where(also)
        .select(pw.SQL("1"))
    )
    spent = Run.ended_at.to_timestamp() - Run.started_at.to_timestamp()
    late = pw.Case(None, [(Run.ended_at > Run.due_at, 1)], 0)
    columns = (Run.row_key, Run.norm, Run.complaint, Run.minutes, spent, late)
    runs = Run.select(*columns).where(ran_in(period) & pw.fn.EXISTS(mine))
    for key, norm, case, minutes, seconds, was_late in database.execute(runs.order_by(Run.id)):
        _add(by_row[flow.row_named(key).key], norm, case, minutes, int(seconds) // MINUTE, bool(was_late))
    made = (_statistics(row, by_row[row.key]) for row in flow.rows_ever())
    return tuple(row for row in made if row.no or row.cases)


def _add(runs: _Runs, norm: Any, case: int, minutes: int | None, calendar: int, late: bool) -> None:
    runs.norms[norm] = None
    runs.cases.add(case)
    runs.calendar.append(calendar)
    if minutes is not None:
        runs.working.append(minutes)
    if late:
        runs.late.add(case)


def _statistics(row: Row, runs: _Runs) -> RowStatistics:
    spreads = TimeSpread.of(runs.working), TimeSpread.of(runs.calendar)
    no = flow.row_number(row.key)
    standard = norms_in_words(map(Run.norm.python_value, runs.norms)) or (str(row.norm) if no else "")
    return RowStatistics(no, row, standard, len(runs.cases), len(runs.late), *spreads)
