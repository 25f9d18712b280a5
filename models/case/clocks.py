"""The five clocks of a case, run by run, and the date that binds the whole case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee as pw

from models.complaint.complaint import Complaint, Pause, Run
from sop.clock import NOTHING, Clock, Norm
from sop.flow import Procedure
from sop.procedure import Row
from sop.words import format_date

WARN_AT = 0.8  # of a row's time, for rows of an hour and more


@dataclass(frozen=True)
class RunSpan:
    """One run as it is stored, or about to be: in which round and row, by which norm, from when to when, when due."""

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
        """A run that begins: from here on by the row's norm of today."""
        return cls(round, row.key, row.norm, at, clock.due(at, row.norm))

    @staticmethod
    def columns() -> tuple[pw.Field, ...]:
        """What one is made of, for whoever reads many."""
        return Run.round, Run.row_key, Run.norm, Run.started_at, Run.due_at, Run.ended_at, Run.id

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def was_late(self) -> bool:
        """Whether it has ended, and too late."""
        return self.ended_at is not None and self.ended_at > self.due_at


@dataclass(frozen=True)
class PauseSpan:
    """A pause of a case, ended or going on."""

    round: int
    started_at: datetime
    ended_at: datetime | None = None

    @classmethod
    def of(cls, pause: Pause) -> "PauseSpan":
        return cls(pause.round, pause.started_at, pause.ended_at)

    @staticmethod
    def columns() -> tuple[pw.Field, ...]:
        """What one is made of, for whoever reads many."""
        return Pause.round, Pause.started_at, Pause.ended_at


@dataclass(frozen=True)
class RunTime:
    """One run: by which norm, when, how long in working time (pauses out), when due, whether late; of an open one its
    share of that time."""

    norm: Norm
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime
    elapsed: timedelta
    share: float
    late: bool


class OfRow:
    """Mixin of what is reported of a row of the SOP: its name in the table of today."""

    no: int  # 0: the table has it no more
    row: Row

    @property
    def mark(self) -> int | str:
        """In a column of numbers; a dash for a row that is gone."""
        return self.no or "–"

    @property
    def heading(self) -> str:
        return f"{self.no}. {self.row.title}" if self.no else self.row.title


@dataclass(frozen=True)
class RowTime(OfRow):
    """A row of the SOP with its runs, their sum, and the working time *menunggu* before its clock started."""

    no: int  # 0: the table has it no more
    row: Row
    runs: tuple[RunTime, ...]
    waiting: timedelta

    @property
    def standard(self) -> str:
        """By what its runs are measured; the table's norm where none is there."""
        return norms_in_words(run.norm for run in self.runs) or str(self.row.norm)

    @property
    def waktu(self) -> str:
        """The same for a paper: in the sheet's own words, as long as they are what the runs are measured by."""
        same = self.no and all(run.norm == self.row.norm for run in self.runs)
        return self.row.waktu if same else self.standard

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
        return not self.late and any(run.norm.warns and run.share >= WARN_AT for run in open_runs)


def norms_in_words(norms: Iterable[Norm]) -> str:
    """1 jam; where the SOP was changed meanwhile: 1 jam, kemudian 2 jam."""
    return ", kemudian ".join(dict.fromkeys(map(str, norms)))


def paused_time(clock: Clock, pauses: Iterable[PauseSpan], start: datetime, end: datetime) -> timedelta:
    """Working time between two moments during which the case was paused."""
    total = NOTHING
    for pause in pauses:
        stop = min(pause.ended_at or end, end)
        total += clock.elapsed(max(pause.started_at, start), stop)
    return total


def run_time(clock: Clock, run: RunSpan, pauses: Sequence[PauseSpan], now: datetime) -> RunTime:
    """How a run stands at `now`; during a pause its due time moves along."""
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
    """Whole minutes of working time that a run took, without pauses; None while it goes on."""
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
    """All rows of a case's procedure at `now`, and behind them those that it has no more and the case went through;
    `awaited` is the row whose act is awaited, None for a final or held state."""
    of_row: dict[str, list[RunTime]] = {}
    for run in runs:
        of_row.setdefault(procedure.row_named(run.row_key).key, []).append(run_time(clock, run, pauses, now))
    numbered, times = [(procedure.row_number(run.row_key), run) for run in runs], []
    for row in procedure.rows_ever:
        no, own = procedure.row_number(row.key), tuple(of_row.get(row.key, ()))
        if no or own:
            starts_late = row.counts_from == "attempt"
            waiting = _waiting(clock, no, numbered, now if awaited == no else None) if starts_late else NOTHING
            times.append(RowTime(no, row, own, waiting))
    return times


def _waiting(clock: Clock, no: int, runs: list[tuple[int, RunSpan]], awaited_at: datetime | None) -> timedelta:
    """Working time between the end of the row before and the start of this row's clock, of runs with the numbers of
    their rows; `awaited_at` is the present moment if this row's act is awaited."""
    starts = [run.started_at for number, run in runs if number == no]
    if awaited_at and not any(run.is_open for _, run in runs):
        starts.append(awaited_at)
    before = [run.ended_at for number, run in runs if number < no and run.ended_at]
    return sum((clock.elapsed(_last_until(start, before), start) for start in starts), NOTHING)


def _last_until(start: datetime, ends: Iterable[datetime]) -> datetime:
    """The last of these moments that is not after `start`; `start` itself if there is none."""
    return max((end for end in ends if end <= start), default=start)


def minutes(span: timedelta) -> int:
    """Whole minutes of working time."""
    return int(span.total_seconds() // 60)


@dataclass(frozen=True)
class CaseClock:
    """A clock that runs for a case as a whole, from its receipt or its reopening."""

    key: str
    column: str  # of Complaint
    ends: str  # what is done by then
    name: str


CASE_CLOCKS = (  # of two that end together the first says more
    CaseClock("law", "legal_due_at", "Selesai paling lambat", "batas peraturan"),
    CaseClock("answer", "answer_due_at", "Jawaban pertama paling lambat", "batas jawaban pertama"),
)


@dataclass(frozen=True)
class Deadline:
    """When one of these clocks ends."""

    clock: CaseClock
    due: datetime

    @property
    def words(self) -> str:
        """11 Desember 2026 (batas peraturan)"""
        return f"{format_date(self.due)} ({self.clock.name})"


def deadlines_of(complaint: Complaint) -> list[Deadline]:
    """When each clock of the case ends, the earliest first; of one that was settled outside of the panel none runs.

    A row of the SOP binds the step that is awaited, not the case: its time is never shown without saying so.
    """
    ends = [Deadline(clock, due) for clock in CASE_CLOCKS if (due := getattr(complaint, clock.column))]
    return sorted(ends, key=lambda deadline: deadline.due)


def binding_deadline(complaint: Complaint) -> Deadline:
    """The one date that may be promised: the earliest that binds the case, which has been taken in by the panel."""
    return deadlines_of(complaint)[0]
