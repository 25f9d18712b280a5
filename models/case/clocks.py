"""The five clocks of a case: its runs row by row, their working time, what was waiting, and what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sop.clock import NOTHING, Clock
from sop.procedure import ROWS, Row

WARN_AT = 0.8  # of a row's time, for rows of an hour and more


@dataclass(frozen=True)
class RunTime:
    """One run: when, how long in working time (pauses out), when due, whether late."""

    started_at: datetime
    ended_at: datetime | None
    due_at: datetime
    elapsed: timedelta
    share: float
    late: bool


@dataclass(frozen=True)
class RowTime:
    """A row of the SOP with its runs, their sum, and the working time *menunggu* before its clock started."""

    no: int
    row: Row
    runs: tuple[RunTime, ...]
    waiting: timedelta

    @property
    def elapsed(self) -> timedelta:
        return sum((run.elapsed for run in self.runs), NOTHING)

    @property
    def late(self) -> bool:
        """A row is late if one of its runs was."""
        return any(run.late for run in self.runs)

    @property
    def warns(self) -> bool:
        open_runs = (run for run in self.runs if run.ended_at is None)
        return not self.late and self.row.norm.warns and any(run.share >= WARN_AT for run in open_runs)


def paused_time(clock: Clock, pauses: Iterable[dict[str, Any]], start: datetime, end: datetime) -> timedelta:
    """Working time between two moments in which the case was held."""
    total = NOTHING
    for pause in pauses:
        stop = min(pause["ended_at"] or end, end)
        total += clock.elapsed(max(pause["started_at"], start), stop)
    return total


def run_time(clock: Clock, run: dict[str, Any], pauses: list[dict[str, Any]], now: datetime) -> RunTime:
    """How a run stands at `now`; while the case is held its due time moves along."""
    end = run["ended_at"] or max(now, run["started_at"])
    held = paused_time(clock, pauses, run["started_at"], end)
    elapsed = clock.elapsed(run["started_at"], end) - held
    due = run["due_at"]
    if run["ended_at"] is None and any(pause["ended_at"] is None for pause in pauses):
        due = clock.due(run["started_at"], ROWS[run["row"] - 1].norm, held)
    whole = clock.elapsed(run["started_at"], due) - paused_time(clock, pauses, run["started_at"], due)
    return RunTime(run["started_at"], run["ended_at"], due, elapsed, elapsed / whole if whole else 0.0, end > due)


def row_times(
    clock: Clock, runs: list[dict[str, Any]], pauses: list[dict[str, Any]], now: datetime, awaited: int | None = None
) -> list[RowTime]:
    """All rows of the table at `now`; `awaited` is the row whose act is awaited, None for a final or held state."""
    return [
        RowTime(
            no,
            row,
            tuple(run_time(clock, run, pauses, now) for run in runs if run["row"] == no),
            _waiting(clock, no, runs, now, awaited == no) if row.counts_from == "attempt" else NOTHING,
        )
        for no, row in enumerate(ROWS, 1)
    ]


def _waiting(clock: Clock, no: int, runs: list[dict[str, Any]], now: datetime, awaited: bool) -> timedelta:
    """Working time between the end of the row before and the start of this row's clock."""
    starts = [run["started_at"] for run in runs if run["row"] == no]
    ends = [run["ended_at"] for run in runs if run["row"] < no and run["ended_at"]]
    if awaited and not any(run["ended_at"] is None for run in runs):
        starts.append(now)
    before = ((start, max((end for end in ends if end <= start), default=start)) for start in starts)
    return sum((clock.elapsed(end, start) for start, end in before), NOTHING)


def minutes(span: timedelta) -> int:
    """Whole minutes of working time."""
    return int(span.total_seconds() // 60)
