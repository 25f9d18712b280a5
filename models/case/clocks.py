"""The clocks of a case: runs and working time by row of the SOP, and the deadlines of the case as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import peewee as pw

from models.complaint.complaint import Complaint, Pause, Run
from sop.clock import NOTHING, Clock, Norm
from sop.flow import Procedure
from sop.procedure import Row
from sop.words import format_date

MINUTE = timedelta(minutes=1)
WARN_AT = 0.8  # of a row's time, for rows of an hour and more


@dataclass(frozen=True)
class RunSpan:
    """One run, stored or to be stored: its round, row, norm, start, due time and end."""

    round: int
    row_key: str
    norm: Norm
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    id: int = 0  # 0: not stored yet

    @classmethod
    def of(cls, run: Run) -> "RunSpan":
        return cls(run.round, run.row_key, run.norm, run.started_at, run.due_at, run.ended_at, run.id)

    @classmethod
    def entering(cls, row: Row, at: datetime, clock: Clock, *, round: int = 1) -> "RunSpan":
        """A new run, measured by the row's norm of today."""
        return cls(round, row.key, row.norm, at, clock.due(at, row.norm))

    @staticmethod
    def columns() -> tuple[pw.Field, ...]:
        """Columns for constructing RunSpans from tuples."""
        return Run.round, Run.row_key, Run.norm, Run.started_at, Run.due_at, Run.ended_at, Run.id

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def was_late(self) -> bool:
        """Whether it has ended after its due time."""
        return self.ended_at is not None and self.ended_at > self.due_at


@dataclass(frozen=True)
class PauseSpan:
    """A pause of a case, ended or open."""

    round: int
    started_at: datetime
    ended_at: datetime | None = None

    @classmethod
    def of(cls, pause: Pause) -> "PauseSpan":
        return cls(pause.round, pause.started_at, pause.ended_at)

    @staticmethod
    def columns() -> tuple[pw.Field, ...]:
        """Columns for constructing PauseSpans from tuples."""
        return Pause.round, Pause.started_at, Pause.ended_at


@dataclass(frozen=True)
class RunTime:
    """Times of one run: `elapsed` is working time without pauses, `share` the used part of the time until due (0.0 for
    an ended run)."""

    norm: Norm
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime
    elapsed: timedelta
    share: float
    late: bool


class OfRow:
    """Mixin for reports about a row of the SOP: its number and heading in the present table."""

    no: int  # 0: no longer in the table
    row: Row

    @property
    def mark(self) -> int | str:
        """The number, or a dash for a row that is no longer in the table."""
        return self.no or "–"

    @property
    def heading(self) -> str:
        return f"{self.no}. {self.row.title}" if self.no else self.row.title


@dataclass(frozen=True)
class RowTime(OfRow):
    """A row of the SOP with its runs; `waiting` is the working time *menunggu* before its clock started."""

    no: int  # 0: no longer in the table
    row: Row
    runs: tuple[RunTime, ...]
    waiting: timedelta

    @property
    def standard(self) -> str:
        """The norms of its runs; the table's norm if there is no run."""
        return norms_in_words(run.norm for run in self.runs) or _words_of(self.row.norm)

    @property
    def elapsed(self) -> timedelta:
        return sum((run.elapsed for run in self.runs), NOTHING)

    @property
    def late(self) -> bool:
        return any(run.late for run in self.runs)

    @property
    def warns(self) -> bool:
        open_runs = (run for run in self.runs if run.ended_at is None)
        return not self.late and any(run.norm.warns and run.share >= WARN_AT for run in open_runs)


def norms_in_words(norms: Iterable[Norm]) -> str:
    """1 jam; where the SOP was changed meanwhile: 1 jam, kemudian 2 jam."""
    return ", kemudian ".join(dict.fromkeys(map(_words_of, norms)))


_words_of = cache(Norm.__str__)  # rows and their runs have a handful of norms


def paused_time(clock: Clock, pauses: Iterable[PauseSpan], start: datetime, end: datetime) -> timedelta:
    """Working time between two moments during which the case was paused."""
    total = NOTHING
    for pause in pauses:
        stop = min(pause.ended_at or end, end)
        total += clock.elapsed(max(pause.started_at, start), stop)
    return total


def run_time(clock: Clock, run: RunSpan, pauses: Sequence[PauseSpan], now: datetime) -> RunTime:
    """The times of a run at `now`; during a pause its due time is extended up to now."""
    start, due = run.started_at, run.due_at
    end = run.ended_at or max(now, start)
    given_back = paused_time(clock, pauses, start, end)
    elapsed = clock.elapsed(start, end) - given_back
    if run.is_open and any(pause.ended_at is None for pause in pauses):
        due = clock.due(start, run.norm, given_back)
    share = 0.0
    if run.is_open and (whole := clock.elapsed(start, due) - paused_time(clock, pauses, start, due)):
        share = elapsed / whole
    return RunTime(run.norm, start, run.ended_at, due, elapsed, share, end > due)


def worked_minutes(clock: Clock, run: RunSpan, pauses: Iterable[PauseSpan]) -> int | None:
    """Whole minutes of working time of a run, without pauses; None while it is open."""
    if run.ended_at is None:
        return None
    given_back = paused_time(clock, pauses, run.started_at, run.ended_at)
    return minutes(clock.elapsed(run.started_at, run.ended_at) - given_back)


def row_times(
    procedure: Procedure,
    clock: Clock,
    runs: Sequence[RunSpan],
    pauses: Sequence[PauseSpan],
    now: datetime,
    awaited: int | None = None,
) -> list[RowTime]:
    """All rows of a case's procedure at `now`, followed by removed rows in which the case has runs. `awaited` is the
    number of the row whose act is awaited, None for a final or paused state."""
    of_row: dict[str, list[RunTime]] = {}
    for run in runs:
        of_row.setdefault(procedure.row_named(run.row_key).key, []).append(run_time(clock, run, pauses, now))
    numbered, times = [(procedure.row_number(run.row_key), run) for run in runs], []
    for row in procedure.present_and_former_rows:
        no, own = procedure.row_number(row.key), tuple(of_row.get(row.key, ()))
        if no or own:
            starts_late = row.counts_from == "attempt"
            waiting = _waiting(clock, no, numbered, now if awaited == no else None) if starts_late else NOTHING
            times.append(RowTime(no, row, own, waiting))
    return times


def _waiting(clock: Clock, no: int, runs: list[tuple[int, RunSpan]], awaited_at: datetime | None) -> timedelta:
    """Working time between the end of the previous row and the start of this row's clock. `runs` come with their row
    numbers; `awaited_at` is the present moment if this row's act is awaited."""
    starts = [run.started_at for number, run in runs if number == no]
    if awaited_at and not any(run.is_open for _, run in runs):
        starts.append(awaited_at)
    before = [run.ended_at for number, run in runs if number < no and run.ended_at]
    waited = NOTHING
    for start in starts:
        ended = max((end for end in before if end <= start), default=start)
        waited += clock.elapsed(ended, start)
    return waited


def minutes(span: timedelta) -> int:
    """Whole minutes of working time."""
    return span // MINUTE


@dataclass(frozen=True)
class CaseClock:
    """A deadline of the case as a whole, counted from its receipt or reopening."""

    key: str
    column: str  # of Complaint
    ends: str  # label of the deadline
    name: str


CASE_CLOCKS = (  # the first takes precedence if both end at the same time
    CaseClock("law", "legal_due_at", "Selesai paling lambat", "batas peraturan"),
    CaseClock("answer", "answer_due_at", "Jawaban pertama paling lambat", "batas jawaban pertama"),
)


@dataclass(frozen=True)
class Deadline:
    """The end of a case clock."""

    clock: CaseClock
    due: datetime

    @property
    def words(self) -> str:
        """11 Desember 2026 (batas peraturan)"""
        return f"{format_date(self.due)} ({self.clock.name})"


def deadlines_of(complaint: Complaint) -> list[Deadline]:
    """The deadlines of the case, earliest first; none for a case settled outside the panel.

    The due time of an SOP row applies to the awaited step, not to the case, and is always labelled as such.
    """
    ends = [Deadline(clock, due) for clock in CASE_CLOCKS if (due := getattr(complaint, clock.column))]
    return sorted(ends, key=lambda deadline: deadline.due)


def binding_deadline(complaint: Complaint) -> Deadline:
    """The date that papers promise: the earliest deadline. IndexError for a case settled outside the panel."""
    return deadlines_of(complaint)[0]
