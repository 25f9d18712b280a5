"""The SOP's clocks as a move leaves them: which run ends, which goes on or begins, and when its row is due."""

from dataclasses import replace
from datetime import datetime

from models.case.blanks import record_of
from models.case.clocks import RunSpan, paused_time
from models.writer.move import Move
from sop import flow
from sop.clock import Clock
from sop.procedure import ROWS


def keep_time(move: Move) -> None:
    """End the row's run where the row ends, begin one where a row begins, note the due time."""
    run = _going_on(move)
    if not run and not move.ended:
        run = _reached(move)
    run = run or _entered(move)
    move.columns["row_due_at"] = run.due_at if run and move.state_to != flow.HELD else None


def first_run(opened: datetime, recorded: datetime, office: Clock) -> RunSpan:
    """The run of receiving itself: from opening the form to recording."""
    no = flow.row_no(flow.RECEIVE.key) or 1
    return RunSpan(1, no, opened, office.due(opened, ROWS[no - 1].norm), recorded)


def _going_on(move: Move) -> RunSpan | None:
    """The open run if its row goes on, with the time that a pause gives back; else it ends here."""
    run = move.case.run
    if not run:
        return None
    if flow.HELD == move.state_from != move.state_to:
        move.due = _given_back(move, run)
    due = move.due or run.due_at
    if move.state_to == flow.HELD or flow.row_no(move.state_to) == run.row:
        return replace(run, due_at=due)
    move.ended = run
    _note_late(move, due)
    return None


def _reached(move: Move) -> RunSpan | None:
    """The run of a row that counts from reaching the pengadu, if the act reached him and does not end the row."""
    start = _started(move)
    if not start:
        return None
    run = _run_from(move, flow.row_no(move.state_from) or 0, start)
    if flow.row_no(move.state_to) == run.row:
        return _begin(move, run)
    _begin(move, replace(run, ended_at=move.at))
    _note_late(move, run.due_at)
    return None


def _started(move: Move) -> datetime | None:
    """The moment that starts the clock of a row which counts from reaching the pengadu."""
    row, model = flow.row(move.state_from), record_of(move.transition)
    if not row or row.counts_from != "attempt" or model is None:
        return None
    start: datetime | None = model.starts(move.blanks)
    return start


def _entered(move: Move) -> RunSpan | None:
    """The run of a row that the case enters; what was held comes back to the row in which it was."""
    number = flow.row_no(move.state_to)
    if not number or number == flow.row_no(_before(move)) or ROWS[number - 1].counts_from != "row":
        return None
    return _begin(move, _run_from(move, number, move.at))


def _before(move: Move) -> str:
    return str(move.case.complaint.back) if move.state_from == flow.HELD else move.state_from


def _run_from(move: Move, number: int, start: datetime) -> RunSpan:
    return RunSpan(move.columns["round"], number, start, move.clock.due(start, ROWS[number - 1].norm))


def _begin(move: Move, run: RunSpan) -> RunSpan:
    move.begun.append(run)
    return run


def _note_late(move: Move, due: datetime) -> None:
    move.columns["row_late"] = move.columns["row_late"] or move.at > due


def _given_back(move: Move, run: RunSpan) -> datetime:
    held = paused_time(move.clock, move.case.pauses, run.started_at, move.at)
    return move.clock.due(run.started_at, ROWS[run.row - 1].norm, held)
