"""Who must have a second factor, and how two users together remove a third one's."""

from datetime import date, timedelta

import peewee as pw

from models.office.people import BY_NAME, User, accounts_of, today, units_headed_by
from models.office.settings import FACTOR, Setting, store_setting, values
from models.sign_in import factor
from models.sign_in.factor import SecondFactor
from models.sign_in.passkeys import Passkey
from models.store import tracked_rows
from models.store.base import Model, Moment, database, now
from models.store.master_cache import rows_by_id
from sop.access import ADMIN, PENGAWAS
from sop.procedure import KEPALA_DINAS
from sop.words import format_long_moment

ASKED_FIRST = (KEPALA_DINAS, PENGAWAS, ADMIN)  # who decides, who reads everything, who manages accounts

GRACE = timedelta(days=14)  # for a new office to set them up


def is_demanded(user: User) -> bool:
    """Whether the user's role requires one, or that of the Kepala Dinas if the user acts for him today."""
    demands = values()
    if demands.get(f"{FACTOR}{user.role}"):
        return True
    return bool(demands.get(f"{FACTOR}{KEPALA_DINAS}")) and None in units_headed_by(user, today())


def asked_people() -> list[tuple[User, bool]]:
    """Active users with a role of ASKED_FIRST, and whether each has a second factor."""
    apps = SecondFactor.select().where((SecondFactor.user == User.id) & SecondFactor.confirmed_at.is_null(False))
    keys = Passkey.select().where(Passkey.user == User.id)
    has_one = (pw.fn.EXISTS(apps) | pw.fn.EXISTS(keys)).alias("factor")
    people = User.select(User, has_one).where(User.active & User.role.in_(ASKED_FIRST)).order_by(BY_NAME).objects()
    return [(user, bool(user.factor)) for user in people]


def begin_demand(day: date) -> None:
    """In a new office, require one of ASKED_FIRST after GRACE. Call in the transaction that creates the first user."""
    for role in ASKED_FIRST:
        tracked_rows.added(Setting, store_setting(f"{FACTOR}{role}", True, day + GRACE).id)


def demanded_since(role: str) -> date | None:
    """The day from which a role must have one, past or future; None if it need not."""
    return demanded_days()[role]


def demanded_days() -> dict[str, date | None]:
    """`demanded_since` of each role in ASKED_FIRST."""
    rows = sorted(rows_by_id(Setting).values(), key=lambda row: row.valid_from)
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
    """A removal request: open until confirmed, withdrawn or expired; deleted once the user has been notified."""

    in_digest = False
    survives_restore = False  # has to be requested again

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="factor_removals")
    asked_by = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    asked_at = Moment(default=now)
    confirmed_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")
    confirmed_at = Moment(null=True)


def request_of(user: User) -> FactorRemoval | None:
    """The open request to remove the user's factor."""
    row: FactorRemoval | None = _open_requests().where(FactorRemoval.user == user).get_or_none()
    return row


def _open_requests() -> pw.ModelSelect:
    """Requests that are not confirmed, not expired, and made by a user who is still active."""
    askers = User.select(User.id).where(User.active)
    is_open = FactorRemoval.confirmed_at.is_null() & (FactorRemoval.asked_at > now() - LASTS)
    return FactorRemoval.select().where(is_open & FactorRemoval.asked_by.in_(askers))


def ask(user: User, *, by: User) -> None:
    """Store a removal request, replacing an older one."""
    columns = FactorRemoval.asked_by, FactorRemoval.asked_at, FactorRemoval.confirmed_by, FactorRemoval.confirmed_at
    asked = FactorRemoval.insert(user=user, asked_by=by, confirmed_by=None, confirmed_at=None)
    asked.on_conflict(conflict_target=(FactorRemoval.user,), preserve=columns).execute()


def drop(user: User) -> bool:
    """Withdraw the request; whether there was one."""
    still = (FactorRemoval.user == user) & FactorRemoval.confirmed_at.is_null()
    return bool(FactorRemoval.delete().where(still).execute())


def requests_for(second: User) -> list[FactorRemoval]:
    """The open requests that this user may confirm: not made by or about any account of the same person."""
    rows = list(_open_requests().order_by(FactorRemoval.asked_at))
    own = {account.id for account in accounts_of(second)} if rows else set()
    return [row for row in rows if row.user_id not in own and row.asked_by_id not in own]


def confirm(row: FactorRemoval, *, by: User) -> bool:
    """Confirm as the second user and remove the factor; False if another user has already confirmed."""
    with database.atomic():
        still = (FactorRemoval.id == row.id) & FactorRemoval.confirmed_at.is_null()
        if not FactorRemoval.update(confirmed_by=by, confirmed_at=now()).where(still).execute():
            return False
        return factor.remove(row.user)


def news_for(user: User, whom: str) -> list[str]:
    """The notices at sign-in, which name `whom` to inform: of an open request each time, of a removal once."""
    row = FactorRemoval.get_or_none(FactorRemoval.user == user)
    if row is None:
        return []
    if row.confirmed_at is None:
        asked = ASKED.format(by=row.asked_by, at=format_long_moment(row.asked_at), whom=whom)
        return [asked] if request_of(user) else []
    FactorRemoval.delete().where(FactorRemoval.id == row.id).execute()
    at = format_long_moment(row.confirmed_at)
    return [DONE.format(by=row.asked_by, second=row.confirmed_by, at=at, whom=whom)]
