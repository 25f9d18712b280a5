"""The acts in waiting beside the main line: which cases call for them, for whom; the SQL of `Case.calls_for`."""

from functools import reduce
from operator import and_, or_
from typing import Any

import peewee as pw

from models.case.inhand import current
from models.reading.queue import is_performer
from models.records.registry import RECORDS
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible
from sop import flow
from sop.access import lanes
from sop.procedure import Transition


def called_acts(who: Viewer) -> list[Transition]:
    """The acts that a case can call for and that are done in one of the person's lanes."""
    return [act for act in flow.CALLED if lanes(act) & who.lanes]


def count_calling(who: Viewer) -> int:
    """How many cases call for an act of the person's; nobody is asked for whom there is none."""
    return int(_calling(who).count()) if called_acts(who) else 0


def first_calling(who: Viewer, most: int) -> list[int]:
    """Ids of the cases that call for an act of the person's, the oldest first: they have waited the longest. Where
    there are more of them, the newest takes the last place, which nobody may have seen yet."""
    query = _calling(who).select(Complaint.id)
    order = Complaint.recorded_at, Complaint.id
    oldest = [number for (number,) in query.order_by(*order).limit(most).tuples()]
    newest = query.order_by(*(column.desc() for column in order)).limit(1).scalar() if len(oldest) == most else None
    return oldest if newest is None or newest in oldest else [*oldest[:-1], int(newest)]


def _calling(who: Viewer) -> Any:
    return visible(who.user, Complaint, who).where(is_calling(who))


def is_calling(who: Viewer) -> Any:
    """Condition: the case calls for an act of the person's."""
    ways = [_calls_for(who, act) for act in called_acts(who)]
    return reduce(or_, ways) if ways else pw.SQL("1 = 0")


def _calls_for(who: Viewer, act: Transition) -> Any:
    here = getattr(Complaint, act.called_by) & Complaint.state.in_(sorted(flow.starts(act)))
    return reduce(and_, (here, is_performer(who, act), *(~_was_done(one) for one in flow.settling(act))))


def _was_done(act: Transition) -> pw.Expression:
    """A record of the act was made in the case's present round, and not pulled back."""
    model: Any = RECORDS[act.record]
    made = (model.complaint == Complaint.id) & model.act.in_(flow.keys_of(act)) & ~model.draft & ~model.recalled
    return pw.fn.EXISTS(model.select(pw.SQL("1")).where(made & current(model, "round")))
