"""Taking away somebody else's second factor: one asks, a second person confirms, and the person is told."""

from datetime import timedelta

import peewee as pw

from models.factor import factor
from models.office.oneperson import accounts_of
from models.office.people import User
from models.store.base import Model, Moment, database, now
from sop.words import format_long_moment

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
