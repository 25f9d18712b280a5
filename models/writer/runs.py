"""The SOP's clocks as a move leaves them: which run ends, which goes on or begins, and when its row is due."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime

from models.case.blanks import record_of
from models.case.clocks import PauseSpan, RunSpan, paused_time, worked_minutes
from models.office.calendar import clock
from models.store.base import Columns, database, insert_rows, run_many
from models.store.rows import rewrites
from models.tables.complaint import UNCOUNTED, Pause, Run
from models.writer.move import Move
from sop import flow
from sop.clock import Clock


def keep_time(move: Move) -> None:
    """End the row's run where the row ends, begin one where a row begins, note the due time."""
    run = _going_on(move)
    if not run and not move.ended:
        run = _reached(move)
    run = run or _entered(move)
    move.columns["row_due_at"] = run.due_at if run and move.state_to != flow.HELD else None


def first_run(opened: datetime, recorded: datetime, office: Clock) -> RunSpan:
    """The run of receiving itself: from opening the form to recording."""
    return replace(RunSpan.entering(flow.row_named(flow.RECEIVE.key), opened, office), ended_at=recorded)


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
    run = _run_from(move, move.state_from, start)
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
    row = flow.row(move.state_to)
    if not row or row is flow.row(_before(move)) or row.counts_from != "row":
        return None
    return _begin(move, _run_from(move, move.state_to, move.at))


def _before(move: Move) -> str:
    return str(move.case.complaint.back) if move.state_from == flow.HELD else move.state_from


def _run_from(move: Move, state: str, start: datetime) -> RunSpan:
    return RunSpan.entering(flow.row_named(state), start, move.clock, round=move.columns["round"])


def _begin(move: Move, run: RunSpan) -> RunSpan:
    move.begun.append(run)
    return run


def _note_late(move: Move, due: datetime) -> None:
    move.columns["row_late"] = move.columns["row_late"] or move.at > due


def _given_back(move: Move, run: RunSpan) -> datetime:
    held = paused_time(move.clock, move.case.pauses, run.started_at, move.at)
    return move.clock.due(run.started_at, run.norm, held)


def write_runs(moves: Sequence[Move], at: datetime) -> None:
    """Write what became of the runs; the cases have them from then on as they are stored."""
    ended = [(m, replace(m.ended, ended_at=at)) for m in moves if m.ended]
    _end([(run, worked_minutes(m.clock, run, m.case.pauses)) for m, run in ended])
    insert_rows(Run, [run_columns(m.case.complaint.id, run, m.clock, m.case.pauses) for m in moves for run in m.begun])
    dropped = [run.id for m in moves for run in m.dropped]
    if dropped:
        rewrites(Run, dropped)
        Run.delete().where(Run.id.in_(dropped)).execute()
    for m in moves:
        if m.due and m.case.run:
            Run.update(due_at=m.due).where(Run.id == m.case.run.id).execute()
        m.case.runs = _runs_left(m, at)


def _end(runs: Sequence[tuple[RunSpan, int | None]]) -> None:
    """Note when these runs ended and what they took, with one prepared statement."""
    if runs:
        sql = f'UPDATE "run" SET "ended_at" = {(mark := database.param)}, "minutes" = {mark} WHERE "id" = {mark}'  # noqa: S608
        rewrites(Run, [run.id for run, _ in runs])
        run_many(sql, [(Run.ended_at.db_value(run.ended_at), taken, run.id) for run, taken in runs])


def _runs_left(m: Move, at: datetime) -> list[RunSpan]:
    return [_as_left(m, run, at) for run in m.case.runs if run not in m.dropped] + m.begun


def _as_left(m: Move, run: RunSpan, at: datetime) -> RunSpan:
    """A run of the case as the move leaves it: due later after a pause, or ended."""
    due = m.due if m.due and run.is_open else run.due_at
    return replace(run, due_at=due, ended_at=at if m.ended and run.id == m.ended.id else run.ended_at)


def run_columns(complaint: int, run: RunSpan, office: Clock, pauses: Iterable[PauseSpan] = ()) -> Columns:
    """A run that begins, or that has happened meanwhile, as a row of its table."""
    stored = {one.name: getattr(run, one.name) for one in fields(run) if one.name != "id"}
    return {**stored, "complaint": complaint, "minutes": worked_minutes(office, run, pauses)}


PORTION = 500


def count_minutes() -> int:
    """Note what the runs took that ended before it was noted, by the calendar of today; how many there were.

    In portions of a transaction each, so that it goes on where it was stopped. Done once, it finds nothing to do.
    """
    counted = 0
    while portion := list(Run.select().where(UNCOUNTED).order_by(Run.id).limit(PORTION)):
        with database.atomic():
            office, pauses = clock(), _pauses_of(portion)
            spans = [(RunSpan.of(run), pauses.get((run.complaint_id, run.round), [])) for run in portion]
            _end([(run, worked_minutes(office, run, held)) for run, held in spans])
        counted += len(portion)
    return counted


def _pauses_of(runs: Iterable[Run]) -> dict[tuple[int, int], list[PauseSpan]]:
    """By complaint and round."""
    found: dict[tuple[int, int], list[PauseSpan]] = {}
    for pause in Pause.select().where(Pause.complaint.in_([run.complaint_id for run in runs])):
        found.setdefault((pause.complaint_id, pause.round), []).append(PauseSpan.of(pause))
    return found
