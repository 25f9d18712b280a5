"""The date that binds a whole case, and the clock it is of: receipt, disposition, screens and sentence ask here."""

from dataclasses import dataclass
from datetime import datetime

from models.tables.complaint import Complaint
from sop.words import format_date


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

    A row of the SOP binds the step that is awaited, not the case: its time is never told without saying so.
    """
    ends = [Deadline(clock, due) for clock in CASE_CLOCKS if (due := getattr(complaint, clock.column))]
    return sorted(ends, key=lambda deadline: deadline.due)


def binding_deadline(complaint: Complaint) -> Deadline:
    """The one date that may be promised: the earliest that binds the case, which has been taken in by the panel."""
    return deadlines_of(complaint)[0]
