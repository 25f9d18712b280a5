"""What one transition does to one case: its new columns, its runs and pauses; worked out before anything is written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.case.blanks import record_of
from models.case.case import Case
from models.case.clocks import paused
from sop import flow
from sop.clock import Clock
from sop.procedure import ROWS, Transition


@dataclass
class Move:
    """The change of one case, ready to be written with many others."""

    case: Case
    transition: Transition
    blanks: dict[str, Any]
    at: datetime
    clock: Clock
    state_from: str = ""
    state_to: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    ended: dict[str, Any] | None = None  # the run that ends
    begun: list[dict[str, Any]] = field(default_factory=list)  # runs that begin (or happened)
    unit: int | None = None  # the unit that led before the move
    due: datetime | None = None  # the open run's new due time after a pause
    number: str = ""
    typed: str = ""  # the number from the office's own book, if the step takes one
    undone: str = ""  # the step that a recall undoes, and since when its state held
    since: datetime | None = None

    def work_out(self) -> "Move":
        c, transition = self.case.complaint, self.transition
        self.state_from, self.undone, self.since, self.unit = c.state, c.last_act, c.state_since, c.unit_id
        self.state_to = flow.target(transition, state=c.state, back=c.back)
        moved = self.state_to != self.state_from
        self.columns = {
            "state": self.state_to,
            "back": c.state if moved else c.back,
            "version": c.version + 1,
            "state_since": self.at if moved else c.state_since,
            "last_act": transition.key,
            "last_by": self.case.user.id,
            "round": c.round,
            "leg": c.leg,
            "revision": c.revision,
            "unit": c.unit_id,
            "duplicate_of": c.duplicate_of_id,
            "row_due_at": c.row_due_at,
            "row_late": c.row_late,
            "legal_due_at": c.legal_due_at,
            "answer_due_at": c.answer_due_at,
            "closed_at": (c.closed_at or self.at) if self.state_to in flow.FINALS else None,
            "urgency": c.urgency,
            "secrecy": c.secrecy,
        }
        _EFFECTS.get(transition.effect, _nothing)(self)
        model = record_of(transition)
        if model:
            self.columns |= model.changes(self.case, self.blanks)
        self._run()
        return self

    @property
    def awaited(self) -> str:
        """The step whose turn it was; of what is held or pulled back the one that it comes back to."""
        return self.state_to if self.state_from == flow.HELD or self.undone == self.state_to else self.state_from

    def _run(self) -> None:
        """End the row's run where the row ends, begin one where a row begins, note the due time."""
        run, number, before = self.case.run, flow.row_no(self.state_to) or 0, flow.row_no(self.state_from) or 0
        start = self._started()
        if run and flow.HELD == self.state_from != self.state_to:
            self.due = self._given_back(run)
        if run and self.state_to != flow.HELD and number != run["row"]:
            self.ended, run = run, None
            self.columns["row_late"] = self.columns["row_late"] or self.at > (self.due or self.ended["due_at"])
        elif run and self.due:
            run = {**run, "due_at": self.due}
        if start and not run and not self.ended:
            run = self._begin(before, start)
            if number != run["row"]:
                run["ended_at"], self.columns["row_late"] = self.at, self.columns["row_late"] or self.at > run["due_at"]
                run = None
        enters = number and number != before and self.transition.effect != "release"
        if enters and not run and ROWS[number - 1].counts_from == "row":
            run = self._begin(number, self.at)
        self.columns["row_due_at"] = run["due_at"] if run and self.state_to != flow.HELD else None

    def _started(self) -> datetime | None:
        """The moment that starts the clock of a row which counts from reaching the pengadu."""
        number, model = flow.row_no(self.state_from), record_of(self.transition)
        if not number or ROWS[number - 1].counts_from != "attempt" or model is None:
            return None
        return model.starts(self.blanks)

    def _begin(self, number: int, start: datetime) -> dict[str, Any]:
        due = self.clock.due(start, ROWS[number - 1].norm)
        run = {
            "complaint": self.case.complaint.id,
            "round": self.columns["round"],
            "row": number,
            "started_at": start,
            "due_at": due,
            "ended_at": None,
        }
        self.begun.append(run)
        return run

    def _given_back(self, run: dict[str, Any]) -> datetime:
        held = paused(self.clock, self.case.pauses, run["started_at"], self.at)
        return self.clock.due(run["started_at"], ROWS[run["row"] - 1].norm, held)


def _nothing(move: Move) -> None:
    """Most transitions do no more than move."""


def _new_leg(move: Move) -> None:
    move.columns |= {"leg": move.columns["leg"] + 1, "revision": 1}
    move.case.leg = move.columns["leg"]


def _end_leg(move: Move) -> None:
    move.columns |= {"leg": move.columns["leg"] + 1, "revision": 1, "unit": None}


def _new_revision(move: Move) -> None:
    move.columns["revision"] += 1


def _new_round(move: Move) -> None:
    _end_leg(move)
    settings, law_class = move.case.settings, move.case.complaint.law_class
    move.columns |= {
        "round": move.columns["round"] + 1,
        "duplicate_of": None,
        "row_late": False,
        "legal_due_at": move.clock.legal_due(move.at, settings[f"legal.{law_class}"]),
        "answer_due_at": move.clock.legal_due(move.at, settings["legal.answer"]),
    }


def _recall(move: Move) -> None:
    if flow.TRANSITIONS[move.case.complaint.last_act].effect == "new_leg":
        _end_leg(move)


_EFFECTS = {
    "new_leg": _new_leg,
    "end_leg": _end_leg,
    "new_revision": _new_revision,
    "new_round": _new_round,
    "recall": _recall,
}
