"""What became of a text that is decided on: waiting, approved, sent back, or replaced by a later revision."""

from typing import Any

import peewee as pw
from markupsafe import Markup

from admin.kit.columns import BADGE, NOTHING
from models.case.in_force import is_current
from models.records.base import Record
from models.records.registry import RECORDS
from sop import flow
from sop.procedure import Transition


def deciding_step(model: type[Record]) -> Transition | None:
    """The step that decides on records of this kind, if one does."""
    steps = (t for t in flow.MAIN_LINE if t.independent and t.needs)
    return next((step for step in steps if step.needs[-1].record == model.key), None)


def _returning_step(step: Transition) -> Transition | None:
    """The detour that asks for another revision instead of the decision, if one does."""
    detours = (t for t in flow.from_state(step.key) if t.effect == "new_revision")
    return next(detours, None)


def with_decisions(query: Any, model: type[Record]) -> Any:
    """The records with whether each was approved, was sent back, and whether a later revision has come."""
    step = deciding_step(model)
    if step is None:
        return query
    back, later = _returning_step(step), model.alias()
    returned = _act_on_revision(back, model) if back else pw.Value(None)
    after = later.select(later.id).where(
        _of_same_round(later, model) & (later.revision > model.revision) & ~later.draft
    )
    return query.select_extend(
        _act_on_revision(step, model).alias("approved"), returned.alias("returned"), after.limit(1).alias("later")
    )


def _act_on_revision(step: Transition, model: type[Record]) -> Any:
    """What an act wrote about the same revision."""
    made = RECORDS[step.record]
    here = _of_same_round(made, model) & (made.revision == model.revision) & made.act.in_(flow.keys_of(step))
    return made.select(made.id).where(here).limit(1)


def _of_same_round(record: Any, other: Any) -> Any:
    """Condition: of one round of a case, under one disposition, and not pulled back."""
    same = (record.complaint == other.complaint) & (record.round == other.round) & (record.leg == other.leg)
    return same & ~record.recalled


def decision_badge(row: Any) -> Markup:
    """The decision on a record that was read by `on`, as a badge; nothing on a draft or on what was pulled back."""
    c = row.complaint
    if row.draft or row.recalled:
        return NOTHING
    if row.approved:
        return BADGE.format("good", "Disetujui")
    if row.later:
        return BADGE.format("neutral", "Digantikan revisi")
    if row.returned:
        return BADGE.format("warn", "Dikembalikan")
    now = is_current(row, c) and c.state in flow.OPEN_STATES
    return BADGE.format("wait", "Menunggu") if now else NOTHING
