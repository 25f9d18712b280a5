"""To whom the heads of units gave the cases under the disposition in force: one person's queue, names beside cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import peewee as pw

from models.office.people import BY_NAME, User
from models.reading.queue import Waiting, pressing_sums
from models.tables.complaint import Addressee, Complaint, is_addressed
from models.tables.scope import Viewer, visible
from sop import flow
from sop.procedure import BIDANG, Transition

WITH_UNIT = tuple(step.key for step in flow.MAIN_LINE if step.actor == BIDANG)  # the states in which a unit works


def gives_by_name() -> Transition:
    """The act by which the head of a unit gives a case to members of his staff."""
    return next(step for step in flow.TRANSITIONS.values() if step.gives == "assigned")


def is_given_to(user: Any) -> Any:
    """Condition: the case is in the unit's hands, or held there, and this person was given it by name."""
    here = Complaint.state.in_(WITH_UNIT) | ((Complaint.state == flow.HELD) & Complaint.back.in_(WITH_UNIT))
    return here & is_addressed(Addressee.handles & (Addressee.user == user))


def assigned_queue(who: Viewer, at: datetime) -> Waiting | None:
    """How many cases were given to the person by name; None for whom nobody gives any: heads alone, other lanes."""
    if BIDANG not in who.lanes:
        return None
    query = visible(who.user, Complaint, who).where(is_given_to(who.user))
    numbers = query.select(pw.fn.COUNT(Complaint.id), *pressing_sums(at)).tuples().get()
    return Waiting(gives_by_name(), *numbers) if numbers[0] or not who.heads else None


def assignees_of(complaints: Iterable[Complaint]) -> dict[int, list[str]]:
    """The names of those whom each case was given to under the disposition in force, by id."""
    legs = {complaint.id: complaint.leg for complaint in complaints}
    query = Addressee.select(Addressee.complaint, Addressee.leg, User.name, User.active).join(User)
    query = query.where(Addressee.complaint.in_(list(legs)) & Addressee.handles).order_by(BY_NAME)
    names: dict[int, list[str]] = {}
    for case, leg, name, active in query.tuples():
        if leg == legs[case]:
            names.setdefault(case, []).append(name if active else f"{name} (nonaktif)")
    return names
