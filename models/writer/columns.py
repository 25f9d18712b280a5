"""Working out a move: the state it leads to, what its effect and its record change on the complaint, its clocks;
and the numbers that it takes."""

from collections.abc import Sequence
from datetime import datetime

from models.case.blanks import record_of
from models.entry.category import followed_title
from models.office.people import Division
from models.store.base import Columns
from models.tables import number
from models.tables.complaint import Complaint
from models.writer.effects import EFFECTS
from models.writer.move import Move
from models.writer.runs import keep_time
from sop import flow
from sop.procedure import FINALS, Transition

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
        "elsewhere": c.elsewhere if move.state_to == move.state_from else "",
    }


def write_numbers(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """Take and bind the numbers of the step's papers, and the register's where a case has none yet."""
    _number_papers(moves, step, at)
    _number_imported(moves, step, at)


def _number_papers(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    if not step.series:
        return
    have = number.numbers_by_series([m.case.complaint.id for m in moves])
    lacking = [m for m in moves if step.series not in have[m.case.complaint.id]]
    counted, typed = [m for m in lacking if not m.typed], [m for m in lacking if m.typed]
    drawn = _drawn(counted, step, at) + [number.typed_number(step.series, m.typed, at) for m in typed]
    numbered = [*counted, *typed]
    number.bind(step.series, drawn, [(m.case.complaint.id, m.case.complaint.round) for m in numbered], at)
    for move, given in zip(numbered, drawn, strict=True):
        move.number = given.text


def _drawn(moves: Sequence[Move], step: Transition, at: datetime) -> list[number.Drawn]:
    """The next numbers of the step's series, with the code of the unit that handles each case."""
    if not moves:
        return []
    codes = dict(Division.select(Division.id, Division.paper_code).tuples())
    units = [codes.get(m.columns["unit"], "") for m in moves]
    return number.draw(step.series, len(moves), at, moves[0].case.settings, units)


def _number_imported(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """A case that came with a file and has no register number takes one where it goes on, or gets its first paper."""
    if not (flow.is_main(step) or step.papers):
        return
    lacking = [m for m in moves if m.case.complaint.number.startswith(number.STAND_IN)]
    if not lacking:
        return
    drawn = number.draw(number.REGISTER, len(lacking), at, lacking[0].case.settings)
    number.bind(number.REGISTER, drawn, [(m.case.complaint.id, m.case.complaint.round) for m in lacking], at)
    for move, given in zip(lacking, drawn, strict=True):
        move.columns["number"] = given.text
        move.number = move.number or given.text
