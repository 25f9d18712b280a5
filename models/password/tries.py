"""How long whoever guesses a password must wait, kept in the database so that it holds over processes; and who is told.

Each try is counted as failed before its password is looked at, and forgiven once it was right: of two hundred at the
same moment only the first few are looked at. Counted are the name from this address, the name from anywhere, and the
address with any name. Whoever has signed in from an address before is held there by the first count alone, so that
nobody else's guessing keeps him out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

import peewee as pw

from models.office.people import User
from models.store import seal
from models.store.base import Model, Moment, database, now
from sop.words import format_long_moment

FIRST_WAIT = timedelta(seconds=15)  # doubled with each further failure
FORGOTTEN = timedelta(days=1)  # without a failure
MOST_ROWS = 10_000
MOST_PLACES = 10  # addresses of a person that are remembered
NETWORK = 64  # bits of an IPv6 address: the rest of it anybody changes as he likes

WAIT = "Terlalu banyak percobaan yang gagal. Tunggu {}, lalu ketik kata sandi sekali lagi."
ADVICE = "Bila bukan Anda, ganti kata sandi pada Akun saya dan beri tahu pengelola sistem."


@dataclass(frozen=True)
class Allowance:
    """How many tries may fail before the next one must wait, and the longest wait."""

    free: int
    longest: timedelta

    def wait_after(self, count: int) -> timedelta:
        doublings = min(count - self.free, 16)
        return min(FIRST_WAIT * 2**doublings, self.longest) if doublings >= 0 else timedelta()


NAME_AT_PLACE = Allowance(5, timedelta(minutes=15))
KNOWN_THERE = Allowance(5, timedelta(minutes=1))  # who guesses from the person's own desk must not keep him from it
NAME_ANYWHERE = Allowance(10, timedelta(minutes=5))
ANY_NAME_AT_PLACE = Allowance(10, timedelta(minutes=15))


class FailedTries(Model):
    """How often one key has failed: a keyed hash, since people type passwords where the name belongs."""

    kept_by_digest = False

    key = pw.CharField(max_length=40, primary_key=True)
    count = pw.IntegerField()
    last_at = Moment(index=True)
    open_at = Moment()  # until then no try is looked at


class KnownPlace(Model):
    """A name and an address that belong together: somebody signed in from there."""

    kept_by_digest = False

    key = pw.CharField(max_length=40, primary_key=True)
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="known_places")
    last_at = Moment()


class UntoldFailures(Model):
    """Failed tries of which the person has not been told yet."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="untold_failures")
    count = pw.IntegerField()
    first_at = Moment()
    last_at = Moment()


def place_of_address(address: str | None) -> str:
    """An address as it is counted: IPv6 by its network, IPv4 also where it comes in IPv6's clothes."""
    try:
        known = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Address(int(known) >> (128 - NETWORK) << (128 - NETWORK)))


def _key(kind: str, text: str) -> str:
    return f"{kind}:{seal.ring().mark(f'sign-in/{kind}', text).hex()}"


def _pair(name: str, address: str | None) -> str:
    return _key("pair", f"{place_of_address(address)} {name.lower()}")


def _counted(name: str, address: str | None) -> dict[str, Allowance]:
    """The keys that a try is counted under, with what each allows."""
    pair = _pair(name, address)
    if KnownPlace.select().where(KnownPlace.key == pair).exists():
        return {pair: KNOWN_THERE}
    return {
        pair: NAME_AT_PLACE,
        _key("name", name.lower()): NAME_ANYWHERE,
        _key("place", place_of_address(address)): ANY_NAME_AT_PLACE,
    }


def begin_try(name: str, address: str | None) -> int:
    """Seconds that this try must wait; 0 if its password may be looked at, and it is counted as failed until then."""
    at, counted = now(), _counted(name, address)
    if seconds := _seconds_left(counted, at):  # asked first without the writer's lock, which a flood would hold
        return seconds
    with database.atomic():
        if seconds := _seconds_left(counted, at):
            return seconds
        for key, allowance in counted.items():
            _count_failure(key, allowance, at)
        _clear(at)
    return 0


def _rows(counted: dict[str, Allowance], at: datetime) -> dict[str, FailedTries]:
    rows = FailedTries.select().where(FailedTries.key.in_(list(counted)) & (FailedTries.last_at > at - FORGOTTEN))
    return {row.key: row for row in rows}


def _seconds_left(counted: dict[str, Allowance], at: datetime) -> int:
    """The longest wait of these keys. One that is longer than its allowance is of a clock that has been set back."""
    held = [(row, counted[key]) for key, row in _rows(counted, at).items() if row.count >= counted[key].free]
    left = [row.open_at - at for row, allowance in held if timedelta() < row.open_at - at <= allowance.longest]
    return int(max(left, default=timedelta(seconds=-1)).total_seconds()) + 1


def _count_failure(key: str, allowance: Allowance, at: datetime) -> None:
    row = _rows({key: allowance}, at).get(key)
    count = (row.count if row else 0) + 1
    kept = {"count": count, "last_at": at, "open_at": at + allowance.wait_after(count)}
    if not FailedTries.update(**kept).where(FailedTries.key == key).execute():
        FailedTries.create(key=key, **kept)


def _clear(at: datetime) -> None:
    """What is forgotten goes; of too many rows, which somebody makes on purpose, the oldest."""
    FailedTries.delete().where(FailedTries.last_at <= at - FORGOTTEN).execute()
    over = FailedTries.select().count() - MOST_ROWS
    if over > 0:
        oldest = [row.key for row in FailedTries.select(FailedTries.key).order_by(FailedTries.last_at).limit(over)]
        FailedTries.delete().where(FailedTries.key.in_(oldest)).execute()


def note_failure(user: User | None, name: str, address: str | None) -> None:
    """The password was wrong: its owner will be told. A name of nobody costs a write as well."""
    at = now()
    with database.atomic():
        FailedTries.update(last_at=at).where(FailedTries.key == _pair(name, address)).execute()
        if user is None:
            return
        told = UntoldFailures.get_or_none(UntoldFailures.user == user)
        if told:
            UntoldFailures.update(count=told.count + 1, last_at=at).where(UntoldFailures.id == told.id).execute()
        else:
            UntoldFailures.create(user=user, count=1, first_at=at, last_at=at)


def come_in(user: User, address: str | None) -> str:
    """The password was right. What failed since the last time, in words and told this once; "" for nothing."""
    with database.atomic():
        forgive(user.username, address)
        _remember_place(user, address)
        return _untold(user)


def forgive(name: str, address: str | None) -> None:
    """What failed from this address under this name was the person himself."""
    pair, counted = _pair(name, address), _counted(name, address)
    with database.atomic():
        own = FailedTries.get_or_none(FailedTries.key == pair)
        FailedTries.delete().where(FailedTries.key == pair).execute()
        for key, row in _rows(counted, now()).items():
            count = max(0, row.count - (own.count if own else 0))
            # Counted from the last try on: whoever has an account of his own does not shorten a wait by using it.
            open_at = row.last_at + counted[key].wait_after(count)
            FailedTries.update(count=count, open_at=open_at).where(FailedTries.key == key).execute()


def _remember_place(user: User, address: str | None) -> None:
    """The person has come in from here; of many addresses the latest are remembered."""
    pair, at = _pair(user.username, address), now()
    if not KnownPlace.update(last_at=at).where(KnownPlace.key == pair).execute():
        KnownPlace.create(key=pair, user=user, last_at=at)
    latest = KnownPlace.select(KnownPlace.key).where(KnownPlace.user == user).order_by(KnownPlace.last_at.desc())
    if older := [place.key for place in list(latest)[MOST_PLACES:]]:
        KnownPlace.delete().where(KnownPlace.key.in_(older)).execute()


def _untold(user: User) -> str:
    untold = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if untold is None:
        return ""
    UntoldFailures.delete().where(UntoldFailures.user == user).execute()
    first, last = format_long_moment(untold.first_at), format_long_moment(untold.last_at)
    when = f"pada {last}" if untold.count == 1 else f"sejak {first}, terakhir {last}"
    return f"{untold.count} kali gagal masuk dengan nama pengguna Anda {when}. {ADVICE}"


def wait_sentence(seconds: int) -> str:
    return WAIT.format(f"{seconds} detik" if seconds <= 60 else f"{-(-seconds // 60)} menit")  # rounded up
