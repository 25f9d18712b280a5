"""One transition of one case: its new columns, its runs, its number; worked out before anything is written."""

from dataclasses import dataclass, field
from datetime import datetime

from models.case.case import Case
from models.case.clocks import RunSpan
from models.records.base import Blanks
from models.store.base import Columns
from sop import flow
from sop.clock import Clock
from sop.procedure import Transition


@dataclass
class Move:
    """The change of one case, ready to be written with many others (see `columns.work_out`)."""

    case: Case
    transition: Transition
    blanks: Blanks
    at: datetime
    clock: Clock
    state_from: str = ""
    state_to: str = ""
    columns: Columns = field(default_factory=dict)
    ended: RunSpan | None = None  # the run that ends
    begun: list[RunSpan] = field(default_factory=list)  # runs that begin (or happened)
    dropped: list[RunSpan] = field(default_factory=list)  # runs that never were, as it turned out
    unit: int | None = None  # the unit that led before the move
    due: datetime | None = None  # the open run's new due time after a pause
    number: str = ""
    typed: str = ""  # the number from the office's own book, if the step takes one
    beside: Columns = field(default_factory=dict)  # what the history keeps of a decision beside one's own deputy
    undone: str = ""  # the step that a recall undoes, and since when its state held
    since: datetime | None = None

    @property
    def awaited(self) -> str:
        """The step whose turn it was; of what is held or pulled back the one that it comes back to."""
        return self.state_to if self.state_from == flow.HELD or self.undone == self.state_to else self.state_from
