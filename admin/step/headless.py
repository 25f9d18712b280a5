"""A unit that nobody heads today: told where a case is given to it, with the way out. Nothing is refused for it."""

from collections.abc import Iterable
from typing import Any

import peewee as pw
from flask import url_for
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from admin.door.joins import signed_in
from admin.door.once import once_a_request
from models.case.blanks import record_of
from models.complaint.complaint import Complaint
from models.complaint.scope import may_write
from models.office.decree import is_headless
from models.office.people import Division, User, today
from models.store.base import among
from sop.access import ADMIN
from sop.procedure import Transition

UNIT = Complaint.unit.name  # the column of the unit that leads, and the blank that is carried there
NO_HEAD = "belum mempunyai kepala yang menjabat"
NO_HOLDER = "belum ada yang menjabat"  # behind the name of the post
MOST_NAMED = 3
REGISTER = Markup('<a href="{}">Daftarkan Plt.</a>')


def headless_units() -> dict[int, str]:
    """Names of the units that nobody heads today, by id."""
    return _units_and_admins()[0]


@once_a_request
def _units_and_admins() -> tuple[dict[int, str], list[str]]:
    """Those units, and the names of whoever can register who acts for a head: in one statement."""
    vacant = Division.select(pw.Value(UNIT), Division.id, Division.name).where(is_headless(today()))
    admins = User.select(pw.Value(ADMIN), User.id, User.name).where(User.active & (User.role == ADMIN))
    rows = sorted(vacant.union_all(admins).tuples())
    units = {number: name for kind, number, name in rows if kind == UNIT}
    return units, [name for kind, _, name in rows if kind == ADMIN]


def _gives_to_unit(step: Transition) -> bool:
    """Whether the act names the unit that leads from then on."""
    model = record_of(step)
    return model is not None and UNIT in model.carries


def mark_headless(form: Any, step: Transition) -> None:
    """Say it beside the choice of a unit: at each such unit, and beneath with the way out."""
    if not _gives_to_unit(step) or UNIT not in form or not (gone := headless_units()):
        return
    field, values = form[UNIT], {str(unit) for unit in gone}
    field.choices = [
        SelectChoice(one.value, f"{one.label} ({NO_HEAD})") if one.value in values else one for one in field.choices
    ]
    field.description = Markup("{} {}").format(field.description, _sentence(list(gone.values())))


def headless_words(step: Transition, done: Iterable[int]) -> Markup:
    """The same of the units to which these cases were just given; "" where each has a head."""
    if not _gives_to_unit(step) or not (gone := headless_units()):
        return Markup()
    units = {unit for (unit,) in Complaint.select(Complaint.unit).where(among(Complaint.id, done)).tuples()}
    named = [name for unit, name in gone.items() if unit in units]
    return _sentence(named) if named else Markup()


def waits_for_head(case: Complaint) -> Markup:
    """The same of the unit that leads a case, for whoever may only draft what its head is to send; "" if it has one."""
    name = headless_units().get(case.unit_id)
    return _sentence([name]) if name else Markup()


def _sentence(names: list[str]) -> Markup:
    others = len(names) - MOST_NAMED
    told = ", ".join(names[:MOST_NAMED]) + (f", dan {others} unit kerja lain" if others > 0 else "")
    return Markup("{} {}: Nota Dinasnya belum dapat dinaikkan. {}").format(told, NO_HEAD, _way_out())


def _way_out() -> str:
    if may_write(signed_in(), "plt"):
        return REGISTER.format(url_for("plt.create_view"))
    _, admins = _units_and_admins()
    whom = f"pengelola sistem ({', '.join(admins)})" if admins else "pengelola sistem"
    return f"Tunjuk Plt. dengan surat perintah, lalu minta {whom} mendaftarkannya."
