"""To which cases a unit is called when somebody is in danger: as SQL and of cases at hand, one rule.

The category names the unit. It is called as long as no disposition is in force, then until it has acted, whoever leads.
"""

from collections.abc import Collection, Iterable

import peewee as pw

from models.office.lists import Category
from models.store.base import among
from models.tables.complaint import RUNNING, Complaint
from models.tables.event import Event
from sop import access, flow

ACTS = [act for act in flow.CALLED if access.EMERGENCY in access.performers(act)]  # what an emergency unit does
STATES = sorted({state for act in ACTS for state in flow.starts(act)} - {flow.HELD})  # of a held case where it was


def called_to(units: Collection[int], cases: Iterable[Complaint]) -> set[int]:
    """Of these cases those to which one of the units is called."""
    of_category = dict(Category.select(Category.id, Category.emergency_unit).tuples())
    urgent = {
        c.id: c.unit_id
        for c in cases
        if c.emergency
        and of_category.get(c.category_id) in units
        and (c.back if c.state == flow.HELD else c.state) in STATES
    }
    led = [number for number, unit in urgent.items() if unit]
    acted = Complaint.select(Complaint.id).where(among(Complaint.id, led) & _has_acted()).tuples() if led else ()
    return set(urgent) - {number for (number,) in acted}


def is_called(units: Collection[int]) -> pw.Expression:
    """Condition: one of the units is called to the case."""
    urgent = Category.select(Category.id).where(Category.emergency_unit.in_(sorted(units) or [-1]))
    held = (Complaint.state == flow.HELD) & Complaint.back.in_(STATES)
    here = Complaint.emergency & RUNNING & (Complaint.state.in_(STATES) | held)
    return here & Complaint.category.in_(urgent) & (Complaint.unit.is_null() | ~_has_acted())


def _has_acted() -> pw.Expression:
    """Condition: the emergency unit has acted in the case's present round, as the history says."""
    acts = [key for act in ACTS for key in flow.keys_of(act)]
    made = (Event.complaint == Complaint.id) & (Event.round == Complaint.round) & Event.act.in_(acts)
    return pw.fn.EXISTS(Event.select(pw.SQL("1")).where(made))
