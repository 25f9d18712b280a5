"""What became of a text that is decided on: waiting, approved, sent back, or replaced by a later revision."""

from typing import Any

from markupsafe import Markup

from admin.columns import BADGE, NOTHING
from models.records import RECORDS
from models.records.base import Record
from sop import flow
from sop.procedure import Transition


def decider(model: type[Record]) -> Transition | None:
    """The step that decides on records of this kind, if one does."""
    steps = (t for t in flow.MAIN_LINE if t.independent and t.needs)
    return next((step for step in steps if step.needs[-1].record == model.key), None)


def on(query: Any, model: type[Record]) -> Any:
    """The records with whether each was approved, and whether a later revision has come."""
    step = decider(model)
    if step is None:
        return query
    approval, later = RECORDS[step.record], model.alias()
    approved = approval.select(approval.id).where(_same(approval, model) & (approval.revision == model.revision))
    after = later.select(later.id).where(_same(later, model) & (later.revision > model.revision) & ~later.draft)
    return query.select_extend(approved.limit(1).alias("approved"), after.limit(1).alias("later"))


def _same(one: Any, other: Any) -> Any:
    """Condition: of one round of a case, under one disposition, and not pulled back."""
    here = (one.complaint == other.complaint) & (one.round == other.round) & (one.leg == other.leg)
    return here & ~one.recalled


def badge(row: Any) -> Markup:
    """The decision on a record that was read by `on`, as a badge; nothing on a draft or on what was pulled back."""
    c = row.complaint
    if row.draft or row.recalled:
        return NOTHING
    if row.approved:
        return BADGE.format("good", "Disetujui")
    if row.later:
        return BADGE.format("neutral", "Digantikan revisi")
    if (c.round, c.leg, c.revision) == (row.round, row.leg, row.revision):
        return BADGE.format("wait", "Menunggu") if c.state in flow.OPEN_STATES else NOTHING
    return BADGE.format("warn", "Dikembalikan")
