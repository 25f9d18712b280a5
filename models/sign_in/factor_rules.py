"""Who must have a second factor, and how two people take somebody else's away."""

from datetime import date, timedelta

import peewee as pw

from models.office.people import BY_NAME, User, accounts_of, today, units_headed_by
from models.office.settings import FACTOR, Setting, keep_value, values
from models.sign_in import factor
from models.sign_in.factor import SecondFactor
from models.sign_in.passkeys import Passkey
from models.store import witness
from models.store.base import Model, Moment, database, now
from sop.access import ADMIN, PENGAWAS
from sop.procedure import KEPALA_DINAS
from sop.words import format_long_moment

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


LASTS = timedelta(days=3)
ADVICE = "Bila bukan kehendak Anda, beri tahu {whom}."
ASKED = f"{{by}} meminta faktor kedua Anda dihapus pada {{at}}; belum dikonfirmasi. {ADVICE}"
DONE = f"Faktor kedua Anda telah dihapus pada {{at}}: diminta {{by}}, dikonfirmasi {{second}}. {ADVICE}"


class FactorRemoval(Model):
    """One request: open until it is confirmed, dropped or too old; kept until the person has been told."""

    kept_by_digest = False
    survives_restore = False  # what was asked before is asked anew

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="factor_removals")
    asked_by = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    asked_at = Moment(default=now)
    confirmed_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    confirmed_at = Moment(null=True)


def request_of(user: User) -> FactorRemoval | None:
    """The open request to take the person's factor away."""
    row: FactorRemoval | None = _open().where(FactorRemoval.user == user).get_or_none()
    return row


def _open() -> pw.ModelSelect:
    """What whoever has been switched off since asked for is asked by nobody."""
    askers = User.select(User.id).where(User.active)
    is_open = FactorRemoval.confirmed_at.is_null() & (FactorRemoval.asked_at > now() - LASTS)
    return FactorRemoval.select().where(is_open & FactorRemoval.asked_by.in_(askers))


def ask(user: User, *, by: User) -> None:
    """Somebody asks; an older request gives way."""
    columns = FactorRemoval.asked_by, FactorRemoval.asked_at, FactorRemoval.confirmed_by, FactorRemoval.confirmed_at
    asked = FactorRemoval.insert(user=user, asked_by=by, confirmed_by=None, confirmed_at=None)
    asked.on_conflict(conflict_target=(FactorRemoval.user,), preserve=columns).execute()


def drop(user: User) -> bool:
    """Nobody asks any more; whether somebody did."""
    still = (FactorRemoval.user == user) & FactorRemoval.confirmed_at.is_null()
    return bool(FactorRemoval.delete().where(still).execute())


def requests_for(second: User) -> list[FactorRemoval]:
    """The open requests that this person may confirm: neither his own nor about himself, under none of his accounts."""
    rows = list(_open().order_by(FactorRemoval.asked_at))
    own = {account.id for account in accounts_of(second)} if rows else set()
    return [row for row in rows if row.user_id not in own and row.asked_by_id not in own]


def confirm(row: FactorRemoval, *, by: User) -> bool:
    """The second person confirms: the factor is gone. False if somebody else was faster."""
    with database.atomic():
        still = (FactorRemoval.id == row.id) & FactorRemoval.confirmed_at.is_null()
        if not FactorRemoval.update(confirmed_by=by, confirmed_at=now()).where(still).execute():
            return False
        return factor.remove(row.user)


def news_for(user: User, whom: str) -> list[str]:
    """What the person is told at sign-in, and `whom` to tell: an open request each time, a removal once."""
    row = FactorRemoval.get_or_none(FactorRemoval.user == user)
    if row is None:
        return []
    if row.confirmed_at is None:
        asked = ASKED.format(by=row.asked_by, at=format_long_moment(row.asked_at), whom=whom)
        return [asked] if request_of(user) else []
    FactorRemoval.delete().where(FactorRemoval.id == row.id).execute()
    at = format_long_moment(row.confirmed_at)
    return [DONE.format(by=row.asked_by, second=row.confirmed_by, at=at, whom=whom)]
