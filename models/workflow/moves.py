"""One transition of one case: runs that start, continue or end, and their due times; recomputation of due times."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import peewee as pw

from models.case.blanks import record_of
from models.case.case import Case
from models.case.clocks import PauseSpan, RunSpan, paused_time, worked_minutes
from models.complaint.complaint import UNCOUNTED, Complaint, Pause, Run
from models.office.calendar import clock
from models.office.settings import Settings, changes_after, longest_deadline, values
from models.records.base import Blanks
from models.records.entry import day_of_settings, legal_dues
from models.store.base import Columns, database, insert_rows, run_many
from models.store.rowhash import record_hashes_before_change
from sop.clock import Clock
from sop.flow import Procedure, current_procedure
from sop.procedure import Transition
from sop.vocabulary import PAUSED, RECEIVE, vocabulary


@dataclass
class Move:
    """The change of one case, to be written in a batch with others (see `effects.compute_columns`)."""

    case: Case
    transition: Transition
    blanks: Blanks
    at: datetime
    clock: Clock
    state_from: str = ""
    state_to: str = ""
    columns: Columns = field(default_factory=dict)
    ended: RunSpan | None = None  # the run that ends
    begun: list[RunSpan] = field(default_factory=list)  # runs that begin (or have happened)
    dropped: list[RunSpan] = field(default_factory=list)  # runs to delete after a correction
    unit: int | None = None  # the unit that led before the move
    due: datetime | None = None  # the open run's new due time after a pause
    number: str = ""
    typed: str = ""  # the number from the office's paper register, if the step takes one
    deputy_entry: Columns = field(default_factory=dict)  # in the event: why the post's holder decided despite his Plh.
    undone: str = ""  # the step that a recall undoes; `since` is when its state began
    since: datetime | None = None

    @property
    def procedure(self) -> Procedure:
        return self.case.procedure

    @property
    def awaited(self) -> str:
        """The step that was awaited; for a paused or recalled case the step to which it returns."""
        return self.state_to if self.state_from == PAUSED or self.undone == self.state_to else self.state_from


def update_runs(move: Move) -> None:
    """End the run of a row that ends, start one for a row that begins, and set the due time."""
    run = _continued_run(move)
    if not run and not move.ended:
        run = _run_from_attempt(move)
    run = run or _run_of_entered_row(move)
    move.columns["row_due_at"] = run.due_at if run and move.state_to != PAUSED else None


def first_run(opened: datetime, recorded: datetime, office: Clock) -> RunSpan:
    """The run of the intake itself: from opening the form to recording."""
    return replace(RunSpan.entering(current_procedure().row_named(RECEIVE), opened, office), ended_at=recorded)


def _continued_run(move: Move) -> RunSpan | None:
    """The open run if its row continues, extended by the time of a pause; otherwise it ends here."""
    run = move.case.run
    if not run:
        return None
    if PAUSED == move.state_from != move.state_to:
        paused = paused_time(move.clock, move.case.pauses, run.started_at, move.at)
        move.due = move.clock.due(run.started_at, run.norm, paused)
    due = move.due or run.due_at
    if move.state_to == PAUSED or move.procedure.row_no(move.state_to) == move.procedure.row_number(run.row_key):
        return replace(run, due_at=due)
    move.ended = run
    _mark_late(move, due)
    return None


def _run_from_attempt(move: Move) -> RunSpan | None:
    """The run of a row counted from the attempt that reached the pengadu, if this act did and does not end the row."""
    row, model = move.procedure.row(move.state_from), record_of(move.transition)
    if not row or row.counts_from != "attempt" or model is None:
        return None
    start = model.starts(move.blanks)
    if not start:
        return None
    run = _run_from(move, move.state_from, start)
    if move.procedure.row_no(move.state_to) == move.procedure.row_number(run.row_key):
        return _begin(move, run)
    _begin(move, replace(run, ended_at=move.at))
    _mark_late(move, run.due_at)
    return None


def _run_of_entered_row(move: Move) -> RunSpan | None:
    """The run of a row that the case enters; after a pause the case returns to its previous row."""
    row = move.procedure.row(move.state_to)
    before = str(move.case.complaint.back) if move.state_from == PAUSED else move.state_from
    if not row or row is move.procedure.row(before) or row.counts_from != "row":
        return None
    return _begin(move, _run_from(move, move.state_to, move.at))


def _run_from(move: Move, state: str, start: datetime) -> RunSpan:
    return RunSpan.entering(move.procedure.row_named(state), start, move.clock, round=move.columns["round"])


def _begin(move: Move, run: RunSpan) -> RunSpan:
    move.begun.append(run)
    return run


def _mark_late(move: Move, due: datetime) -> None:
    move.columns["row_late"] = move.columns["row_late"] or move.at > due


def write_runs(moves: Sequence[Move], at: datetime) -> None:
    """Write the ended, begun and dropped runs; each case's `runs` are then as stored."""
    ended = [(m, replace(m.ended, ended_at=at)) for m in moves if m.ended]
    _end([(run, worked_minutes(m.clock, run, m.case.pauses)) for m, run in ended])
    insert_rows(Run, [run_columns(m.case.complaint.id, run, m.clock, m.case.pauses) for m in moves for run in m.begun])
    dropped = [run.id for m in moves for run in m.dropped]
    if dropped:
        record_hashes_before_change(Run, dropped)
        Run.delete().where(Run.id.in_(dropped)).execute()
    for m in moves:
        if m.due and m.case.run:
            Run.update(due_at=m.due).where(Run.id == m.case.run.id).execute()
        m.case.runs = _runs_after_move(m, at)


def _end(runs: Sequence[tuple[RunSpan, int | None]]) -> None:
    """Store the end and the worked minutes of these runs with one prepared statement."""
    if runs:
        sql = f'UPDATE "run" SET "ended_at" = {(mark := database.param)}, "minutes" = {mark} WHERE "id" = {mark}'  # noqa: S608
        record_hashes_before_change(Run, [run.id for run, _ in runs])
        run_many(sql, [(Run.ended_at.db_value(run.ended_at), taken, run.id) for run, taken in runs])


def _runs_after_move(m: Move, at: datetime) -> list[RunSpan]:
    """The case's runs after the move: the earlier ones, of which one may be due later or have ended, and the begun."""
    runs = []
    for run in m.case.runs:
        if run not in m.dropped:
            due = m.due if m.due and run.is_open else run.due_at
            runs.append(replace(run, due_at=due, ended_at=at if m.ended and run.id == m.ended.id else run.ended_at))
    return runs + m.begun


def run_columns(complaint: int, run: RunSpan, office: Clock, pauses: Iterable[PauseSpan] = ()) -> Columns:
    """The row of a run that begins, or that has already ended."""
    stored = {column.name: getattr(run, column.name) for column in fields(run) if column.name != "id"}
    return {**stored, "complaint": complaint, "minutes": worked_minutes(office, run, pauses)}


PORTION = 500


def count_minutes() -> int:
    """Compute the minutes of runs that ended before the column existed, by today's calendar; the number of runs.

    One transaction per portion, so that an interrupted run can be continued. Idempotent.
    """
    counted = 0
    while portion := list(Run.select().where(UNCOUNTED).order_by(Run.id).limit(PORTION)):
        with database.atomic():
            office = clock()
            of_cases = Pause.complaint.in_([run.complaint_id for run in portion])
            pauses = _pauses_by_round(Pause.select().where(of_cases))
            spans = [(RunSpan.of(run), pauses.get((run.complaint_id, run.round), [])) for run in portion]
            _end([(run, worked_minutes(office, run, run_pauses)) for run, run_pauses in spans])
        counted += len(portion)
    return counted


def _pauses_by_round(pauses: Iterable[Pause]) -> dict[tuple[int, int], list[PauseSpan]]:
    """The pauses by complaint and round."""
    spans: dict[tuple[int, int], list[PauseSpan]] = {}
    for pause in pauses:
        spans.setdefault((pause.complaint_id, pause.round), []).append(PauseSpan.of(pause))
    return spans


def recompute(at: datetime) -> int:
    """Recompute the due times of all open complaints by the present calendar; the number of complaints changed.

    Call inside the transaction that changes the calendar. Ended runs are not changed. Raises HoursUnknown if the
    calendar has no working day left for an open complaint, or for one received at this moment.
    """
    office, is_open = clock(), Complaint.state.in_(list(vocabulary().open_states))
    cases = {c.id: c for c in Complaint.select().where(is_open)}
    office.legal_due(at, longest_deadline(at.date()))
    runs = {run.complaint_id: run for run in _of_open(Run, Run.ended_at.is_null()).order_by(Run.id)}
    ended_pauses = _of_open(Pause, Pause.ended_at.is_null(False))  # an open one counts when the case is resumed
    pauses = _pauses_by_round(ended_pauses)
    due = {}
    for case, run in runs.items():
        paused = paused_time(office, pauses.get((case, run.round), []), run.started_at, at)
        due[case] = office.due(run.started_at, run.norm, paused)
    _store(Run, [(due[case], run.id) for case, run in runs.items() if run.due_at != due[case]], "due_at")
    changed = []
    for c, law in _with_legal_dues(office, cases, values):
        dues = (None if c.state == PAUSED else due.get(c.id), law["legal_due_at"], law["answer_due_at"])
        if dues != (c.row_due_at, c.legal_due_at, c.answer_due_at):
            changed.append((*dues, c.id))
    _store(Complaint, changed, "row_due_at", "legal_due_at", "answer_due_at")
    return len(changed)


@dataclass(frozen=True)
class LimitEffect:
    """How many open complaints another legal limit moves, and how many of these are past it now and then."""

    moved: int
    late_now: int
    late_then: int


def effect_of_limit(key: str, days: int, since: date, at: datetime) -> LimitEffect:
    """What `recompute` would do if this legal limit held from a day on; nothing is written. Raises HoursUnknown."""
    office, until = clock(), min(changes_after(since, (key,)), default=date.max)
    office.legal_due(at, days)
    column = "answer_due_at" if key == "legal.answer" else "legal_due_at"
    cases = {c.id: c for c in Complaint.select().where(Complaint.state.in_(list(vocabulary().open_states)))}
    dues = _with_legal_dues(office, cases, lambda day: values(day) | ({key: days} if since <= day < until else {}))
    spans = [(getattr(c, column), law[column]) for c, law in dues if getattr(c, column) != law[column]]
    late_now, late_then = (sum(span[end] is not None and span[end] < at for span in spans) for end in (0, 1))
    return LimitEffect(len(spans), late_now, late_then)


def _with_legal_dues(
    office: Clock, cases: dict[int, Complaint], settings_of: Callable[[date], Settings]
) -> Iterator[tuple[Complaint, Columns]]:
    """Each case with its legal due times by the settings of its day."""
    starts, of_day = _legal_starts(cases), cache(settings_of)
    for c in cases.values():
        base = starts[c.id]
        yield c, legal_dues(office, base, c.law_class, of_day(day_of_settings(c, base)))


def _of_open(model: Any, condition: Any) -> Any:
    return model.select().join(Complaint).where(Complaint.state.in_(list(vocabulary().open_states)) & condition)


def _legal_starts(cases: dict[int, Complaint]) -> dict[int, datetime]:
    """Start of the legal deadline by case: the receipt, in a later round the reopening."""
    query = Run.select(Run.complaint, Run.round, pw.fn.MIN(Run.started_at)).group_by(Run.complaint, Run.round)
    starts = {(case, round_): start for case, round_, start in query.where(Run.round > 1).tuples()}
    return {c.id: starts.get((c.id, c.round), c.received_at) for c in cases.values()}


def _store(model: Any, rows: list[tuple[Any, ...]], *names: str) -> None:
    if not rows:
        return
    fields = [*(model._meta.fields[name] for name in names), model._meta.primary_key]
    mark = model._meta.database.param
    columns = ", ".join(f'"{f.column_name}" = {mark}' for f in fields[:-1])
    sql = f'UPDATE "{model._meta.table_name}" SET {columns} WHERE "id" = {mark}'  # noqa: S608 - names of our own models
    run_many(sql, [[f.db_value(value) for f, value in zip(fields, row, strict=True)] for row in rows])
