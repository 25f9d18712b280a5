"""Working out a move: the state it leads to, what its effect and its record change on the complaint, its clocks."""

from models.case.blanks import record_of
from models.entry.category import followed_title
from models.store.base import Columns
from models.tables.complaint import Complaint
from models.writer.effects import EFFECTS
from models.writer.move import Move
from models.writer.runs import keep_time
from sop import flow
from sop.procedure import FINALS

KEPT = (  # what every act may change, and most leave as it is
    "round",
    "leg",
    "revision",
    "row_due_at",
    "row_late",
    "legal_due_at",
    "answer_due_at",
    "urgency",
    "secrecy",
)


def work_out(move: Move) -> Move:
    """Fill in what the move changes; nothing is written yet."""
    c, transition = move.case.complaint, move.transition
    move.state_from, move.undone, move.since, move.unit = c.state, c.last_act, c.state_since, c.unit_id
    move.state_to = flow.target(transition, state=c.state, back=c.back)
    move.columns = {**_as_it_was(c), **_moved(move, c)}
    if model := record_of(transition):
        move.columns |= model.changes(move.case, move.blanks)
    if move.columns["secrecy"] != c.secrecy and not transition.amends:  # who amends says himself what the title is
        move.columns["title"] = followed_title(c, move.columns["secrecy"])
    EFFECTS[transition.effect].change(move)
    keep_time(move)
    return move


def _as_it_was(c: Complaint) -> Columns:
    return {**{name: getattr(c, name) for name in KEPT}, "unit": c.unit_id, "duplicate_of": c.duplicate_of_id}


def _moved(move: Move, c: Complaint) -> Columns:
    moved = move.state_to != move.state_from
    return {
        "state": move.state_to,
        "back": c.state if moved else c.back,
        "version": c.version + 1,
        "state_since": move.at if moved else c.state_since,
        "last_act": move.transition.key,
        "last_by": move.case.user.id,
        "closed_at": (c.closed_at or move.at) if move.state_to in FINALS else None,
    }
