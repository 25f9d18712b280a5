"""What a compliance check says of one case: each row of the SOP with who acted, its papers, its times and a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.case.clocks import RowTime, RunTime, minutes
from sop.words import day_of, format_date, format_duration, format_time

SIGNED, UNSIGNED, VOID, REPLACED = "ditandatangani", "belum ditandatangani", "batal", "diganti"
NOT_CHECKED, FOR_PENGADU = "tanda tangan tidak diperiksa", "untuk pengadu"  # of a paper that he takes home
STATUSES = (VOID, REPLACED, UNSIGNED, SIGNED)  # of a paper: the first that holds
SOMEBODY = "Pelaksana"  # whose lane is not known
NOT_APPLICABLE = "tidak berlaku"
DEVIATIONS, OTHER_STEPS = "Di luar alur baku", "Langkah lain"
NOT_JUDGED = "tidak dinilai"
HELD = "di luar masa tunda"  # of a sum
UNDECIDED = "menunggu keputusan"  # status of a paper that was raised, until it is issued or sent back


@dataclass(frozen=True)
class CheckedAct:
    """An act of a case: the lane and the person with their post, what was done, when, and the typed reasons."""

    lane: str
    who: str
    did: str
    at: datetime
    reasons: str = ""

    @property
    def words(self) -> str:
        return ": ".join(filter(None, (f"{self.who} {self.did}, {moment_words(self.at)}", self.reasons)))

    @property
    def discreet_words(self) -> str:
        """For a printed list, of a rahasia case: without person, post, unit and reasons."""
        return f"{self.lane} {self.did}, {moment_words(self.at)}"


@dataclass(frozen=True)
class CheckedPaper:
    """A paper of a row: title, number and signature status."""

    title: str
    number: str
    signature_status: str

    @property
    def words(self) -> str:
        return self.words_beside("")

    def words_beside(self, register_number: str) -> str:
        """With its number, unless it is the register number, which stands beside it."""
        return self.discreet_words if self.number == register_number else self._words_with(f" {self.number}")

    @property
    def discreet_words(self) -> str:
        """Without its number, which may name the unit."""
        return self._words_with("")

    def _words_with(self, number: str) -> str:
        return f"{self.title}{number.rstrip()}, {self.signature_status}"


@dataclass(frozen=True)
class CheckedRun:
    """A run of a row: what ended it before the row was done, as "disposisi dikembalikan", and why its working time says
    nothing of the standard; "" if neither."""

    time: RunTime
    broken_off: str = ""
    unmeasured: str = ""
    was_held: bool = False

    @property
    def why_not_judged(self) -> str:
        """Why it is neither late nor in time; `is_judged` of the figures counts by the same."""
        return "" if self.time.late else self.broken_off or self.unmeasured

    def words(self, paused_at: datetime | None, paused_until: date | None = None) -> str:
        """Its span, how long it took, and what became of it."""
        taken = "" if self.unmeasured else taken_words(minutes(self.time.elapsed))
        late = "lewat" if self.time.late else ""
        within = ", ".join(filter(None, (taken, late or self.unmeasured)))
        until = f" sampai {format_date(paused_until)}" if paused_until else ""
        paused = f"ditunda sejak {moment_words(paused_at)}{until}" if paused_at and self.time.ended_at is None else ""
        span = f"{span_words(self.time, paused_at)} ({within})"
        return ", ".join(filter(None, (span, self.broken_off, paused)))


@dataclass(frozen=True)
class CheckedRow:
    """A row of the SOP in one round of a case; `never` says why it does not apply, if it never ran and never will, and
    `unmeasured` why nothing of what was done may have been measured. `paused_at` is the start of a pause that goes on,
    during which the clock of an open run stands still."""

    time: RowTime
    passes: list[CheckedRun]
    acts: list[CheckedAct]
    papers: list[CheckedPaper]
    never: str = ""
    unmeasured: str = ""
    paused_at: datetime | None = None
    paused_until: date | None = None

    @property
    def runs(self) -> list[str]:
        return [run.words(self.paused_at, self.paused_until) for run in self.passes]

    @property
    def was_begun(self) -> bool:
        """Whether its clock started, or somebody acted."""
        return bool(self.passes or self.acts)

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None and any(run.time.ended_at is None for run in self.passes)

    @property
    def minutes(self) -> int | None:
        """Working minutes of all its runs; None if none was measured."""
        is_measured = any(not run.unmeasured for run in self.passes)
        return minutes(self.time.elapsed) if is_measured else None

    @property
    def late(self) -> bool:
        return self.time.late

    @property
    def total(self) -> str:
        """Their sum in words; "" for a row without a clock and for one that does not apply."""
        if self.minutes is None or self.never:
            return ""
        return taken_words(self.minutes) + f" {HELD}" * any(run.was_held for run in self.passes)

    @property
    def taken_late(self) -> str:
        """How long each run took that was late."""
        return " dan ".join(taken_words(minutes(run.time.elapsed)) for run in self.passes if run.time.late)

    @property
    def why_not_judged(self) -> str:
        """Why what was done is neither late nor in time: what ended it, or that its time is not known."""
        if self.never or self.late or not self.was_begun:
            return ""
        return self.passes[-1].why_not_judged if self.passes else self.unmeasured

    @property
    def verdict(self) -> str:
        if self.never:
            return f"{NOT_APPLICABLE}: {self.never}"
        if self.why_not_judged:
            return f"{NOT_JUDGED}: {self.why_not_judged}"
        if not self.passes:
            return "belum dijalankan"
        runs_on = any(run.time.ended_at is None for run in self.passes)
        going_on = "ditunda" if self.is_paused else "masih berjalan" if runs_on else ""
        return "lewat standar" if self.late else going_on or "sesuai standar"


@dataclass(frozen=True)
class CheckedRound:
    """One round of a case: its SOP rows, and by kind the acts beside them, with their reasons: deviations, which led
    elsewhere, and steps that left the case where it was."""

    no: int
    rows: list[CheckedRow]
    beside: Mapping[str, list[CheckedAct]]


def span_words(run: RunTime, paused_at: datetime | None = None) -> str:
    """5 Oktober 2026 09.40–10.05; on two days: 5 Oktober 2026 09.40 s.d. 6 Oktober 2026 08.05; within a minute:
    5 Oktober 2026 09.40; an open run: sejak 5 Oktober 2026 09.40, or until it was paused."""
    begun, ended_at = moment_words(run.started_at), run.ended_at or paused_at
    if ended_at is None:
        return f"sejak {begun}"
    if moment_words(ended_at) == begun:
        return begun
    same = day_of(run.started_at) == day_of(ended_at)
    return f"{begun}–{format_time(ended_at)}" if same else f"{begun} s.d. {moment_words(ended_at)}"


def taken_words(minutes: int) -> str:
    """1 jam 20 menit; of less than a minute what it is."""
    return format_duration(minutes) if minutes else "kurang dari 1 menit"


def moment_words(at: datetime) -> str:
    """24 November 2026 09.14: the one form of a date on the sheet, with the time."""
    return f"{format_date(at)} {format_time(at)}"
