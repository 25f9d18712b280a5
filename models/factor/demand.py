"""Who must have a second factor: whole roles, by the office's settings; and who of those that matter most has none."""

import peewee as pw

from models.factor.factor import SecondFactor
from models.factor.passkey import Passkey
from models.office.people import BY_NAME, User, today, units_headed_by
from models.office.settings import FACTOR, values
from sop.access import ADMIN, PENGAWAS
from sop.procedure import KEPALA_DINAS

ASKED_FIRST = (KEPALA_DINAS, PENGAWAS, ADMIN)  # who decides, who reads everything, who lets people in


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
