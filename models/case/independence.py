"""Who may not decide on a case because the text is his own, or his own unit's: as SQL, for one case and for queues.

He is a person, not an account: what somebody did under one account binds him under each other of the same NIP.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

import peewee as pw

from models.case.inhand import current
from models.records.registry import RECORDS
from models.store.base import Model, among, of_few
from models.tables.complaint import Complaint
from models.tables.event import Event
from models.tables.scope import Viewer, viewer
from sop import flow
from sop.access import lanes

DECISIONS = tuple(t for t in flow.TRANSITIONS.values() if t.independent)
WRITING = tuple(t for t in flow.MAIN_LINE if t.draft)  # what is decided on is written in these steps


def decides(who: Viewer) -> bool:
    """Whether the person takes decisions at all."""
    return any(lanes(step) & who.lanes for step in DECISIONS)


def own_units(who: Viewer) -> frozenset[int]:
    """The units whose cases are the person's own: where he belongs, and those that he heads or acts for; of whoever
    decides nothing those of the one account, since nobody asks for more."""
    others = who.accounts[1:] if decides(who) else []
    seats = [who, *(viewer(account, who.day) for account in others if account.active)]
    return frozenset(unit for seat in seats for unit in _units_of(seat))


def _units_of(who: Viewer) -> frozenset[int]:
    return who.heads | ({who.user.division_id} if who.user.division_id else set())


def wrote(who: Viewer) -> pw.Expression:
    """Condition: under the disposition in force he made a text, any revision of it; or kept a draft in this round."""
    me, here = [account.id for account in who.accounts], Event.complaint == Complaint.id
    drafts = here & among(Event.user, me) & (Event.act == "draft") & (Event.round == Complaint.round)
    ways = [_exists(Event, drafts & Event.state_from.in_([key for step in WRITING for key in flow.keys_of(step)]))]
    for model in dict.fromkeys(RECORDS[step.record] for step in WRITING):
        made = (model.complaint == Complaint.id) & among(of_few(model.made_by), me) & ~model.draft
        ways.append(_exists(model, made & current(model, "leg")))
    return reduce(or_, ways)


def is_own(who: Viewer) -> pw.Expression:
    """Condition: the decision on the case is somebody else's."""
    return Complaint.unit.in_(sorted(own_units(who)) or [-1]) | wrote(who)


def written_by(who: Viewer, ids: Iterable[int]) -> frozenset[int]:
    """Those of the complaints whose text the person wrote or submitted; nobody is asked who decides nothing."""
    if not decides(who):
        return frozenset()
    query = Complaint.select(Complaint.id).where(among(Complaint.id, ids) & wrote(who))
    return frozenset(number for (number,) in query.tuples())


def _exists(model: type[Model], condition: pw.Expression) -> pw.Expression:
    return pw.fn.EXISTS(model.select(pw.SQL("1")).where(condition))
