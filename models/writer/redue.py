"""Due times anew: open complaints follow when the office's hours or days off are changed."""

from datetime import datetime
from functools import cache
from typing import Any

import peewee as pw

from models.case.clocks import PauseSpan, paused_time
from models.entry.deadlines import day_of_settings, legal_dues
from models.office.calendar import clock
from models.office.settings import longest_deadline, values
from models.store.base import run_many
from models.tables.complaint import Complaint, Pause, Run
from sop import flow
from sop.clock import Clock


def recompute(at: datetime) -> int:
    """Set the due times of all open complaints by the calendar as it is now; how many complaints changed.

    Call inside the transaction that changes the calendar. What has ended keeps its times. HoursUnknown in a sentence if
    the calendar has no working day left for them, or for what may come in at this moment.
    """
    office, cases = clock(), {c.id: c for c in Complaint.select().where(Complaint.state.in_(list(flow.OPEN_STATES)))}
    office.legal_due(at, longest_deadline(at.date()))
    runs, pauses = _open_runs(), _given_back()
    due = {case: _run_due(office, run, pauses.get((case, run.round), []), at) for case, run in runs.items()}
    _store(Run, [(due[case], run.id) for case, run in runs.items() if run.due_at != due[case]], "due_at")
    bases, settings = _bases(cases), cache(values)
    changed = [row for c in cases.values() if (row := _changed_dues(c, office, due.get(c.id), bases, settings))]
    _store(Complaint, changed, "row_due_at", "legal_due_at", "answer_due_at")
    return len(changed)


def _of_open(model: Any, condition: Any) -> Any:
    return model.select().join(Complaint).where(Complaint.state.in_(list(flow.OPEN_STATES)) & condition)


def _open_runs() -> dict[int, Run]:
    return {run.complaint_id: run for run in _of_open(Run, Run.ended_at.is_null()).order_by(Run.id)}


def _given_back() -> dict[tuple[int, int], list[PauseSpan]]:
    """By complaint and round the pauses that have ended: one that goes on is given back when the case is resumed."""
    found: dict[tuple[int, int], list[PauseSpan]] = {}
    for pause in _of_open(Pause, Pause.ended_at.is_null(False)):
        found.setdefault((pause.complaint_id, pause.round), []).append(PauseSpan.of(pause))
    return found


def _run_due(office: Clock, run: Run, pauses: list[PauseSpan], at: datetime) -> datetime:
    return office.due(run.started_at, run.norm, paused_time(office, pauses, run.started_at, at))


def _bases(cases: dict[int, Complaint]) -> dict[int, datetime]:
    """Since when the law's time counts: from receipt, in a later round from the moment of reopening."""
    query = Run.select(Run.complaint, Run.round, pw.fn.MIN(Run.started_at)).group_by(Run.complaint, Run.round)
    starts = {(case, round_): start for case, round_, start in query.where(Run.round > 1).tuples()}
    return {c.id: starts.get((c.id, c.round), c.received_at) for c in cases.values()}


def _changed_dues(
    c: Complaint, office: Clock, run_due: datetime | None, bases: dict[int, datetime], settings: Any
) -> Any:
    """The complaint's three due times and its id, None if they stay as they are."""
    base = bases[c.id]
    row = None if c.state == flow.HELD else run_due
    law = legal_dues(office, base, c.law_class, settings(day_of_settings(c, base)))
    dues = (row, law["legal_due_at"], law["answer_due_at"])
    return None if dues == (c.row_due_at, c.legal_due_at, c.answer_due_at) else (*dues, c.id)


def _store(model: Any, rows: list[tuple[Any, ...]], *names: str) -> None:
    if not rows:
        return
    fields = [*(model._meta.fields[name] for name in names), model._meta.primary_key]
    mark = model._meta.database.param
    columns = ", ".join(f'"{f.column_name}" = {mark}' for f in fields[:-1])
    sql = f'UPDATE "{model._meta.table_name}" SET {columns} WHERE "id" = {mark}'  # noqa: S608 - names of our own models
    run_many(sql, [[f.db_value(value) for f, value in zip(fields, row, strict=True)] for row in rows])
