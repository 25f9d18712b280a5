"""Who must have a second factor: whole roles, from a day on by the office's settings; and who of those that matter most
has none."""

from datetime import date, timedelta

import peewee as pw

from models.factor.factor import SecondFactor
from models.factor.passkey import Passkey
from models.office.people import BY_NAME, User, today, units_headed_by
from models.office.settings import FACTOR, Setting, keep_value, values
from models.store import witness
from sop.access import ADMIN, PENGAWAS
from sop.procedure import KEPALA_DINAS

ASKED_FIRST = (KEPALA_DINAS, PENGAWAS, ADMIN)  # who decides, who reads everything, who lets people in

GRACE = timedelta(days=14)  # that a new office has to set them up


def is_demanded(user: User) -> bool:
    """By the own role, or by that of the Kepala Dinas for whoever acts for him today and decides as he does."""
    demands = values()
    if demands.get(f"{FACTOR}{user.role}"):
        return True
    return bool(demands.get(f"{FACTOR}{KEPALA_DINAS}")) and None in units_headed_by(user, today())


def asked_people() -> list[tuple[User, bool]]:
    """The people whom an office asks first, and whether each has a second factor."""
    apps = SecondFactor.select().where((SecondFactor.user == User.id) & SecondFactor.confirmed_at.is_null(False))
    keys = Passkey.select().where(Passkey.user == User.id)
    has_one = (pw.fn.EXISTS(apps) | pw.fn.EXISTS(keys)).alias("factor")
    people = User.select(User, has_one).where(User.active & User.role.in_(ASKED_FIRST)).order_by(BY_NAME).objects()
    return [(user, bool(user.factor)) for user in people]


def begin_demand(day: date) -> None:
    """In a new office these roles must have one once the grace is over. Call in the transaction of its first user."""
    for role in ASKED_FIRST:
        witness.added(Setting, keep_value(f"{FACTOR}{role}", True, day + GRACE).id)


def demanded_since(role: str) -> date | None:
    """From which day on a role must have one: a day of before, or one to come; None where it need not."""
    return demanded_days()[role]


def demanded_days() -> dict[str, date | None]:
    """The same of each of those that matter most."""
    keys = [f"{FACTOR}{role}" for role in ASKED_FIRST]
    rows = list(Setting.select().where(Setting.key.in_(keys)).order_by(Setting.valid_from))
    return {role: _first_day([row for row in rows if row.key == f"{FACTOR}{role}"]) for role in ASKED_FIRST}


def _first_day(rows: list[Setting]) -> date | None:
    begun = [row for row in rows if row.valid_from <= today()]
    if begun and begun[-1].value:
        since: date = begun[-1].valid_from
        return since
    return next((row.valid_from for row in rows if row.valid_from > today() and row.value), None)
