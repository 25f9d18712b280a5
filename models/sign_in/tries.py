"""Failed sign-ins: how long the next try waits, across processes, and that the person is told once.

Each try is counted as failed before its password is looked at, and forgiven once it was right: of two hundred at the
same moment only the first few are looked at. Counted are the name from this address, the name from anywhere, and the
address with any name. Whoever has signed in from an address before is held there by the first count alone, so that
nobody else's guessing keeps him out. On a full disk all this is counted beside the tables, see aside.py.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

import peewee as pw

from models.office.people import User
from models.sign_in import tries_on_full_disk
from models.sign_in.tries_on_full_disk import CountedAside
from models.store import seal
from models.store.base import Columns, Model, Moment, database, now
from models.store.outage import DATABASE_ERRORS, refuse_unless_full
from sop.words import format_long_moment

ADVICE = "Bila bukan Anda, ganti kata sandi pada Akun saya dan beri tahu pengelola sistem."


class UntoldFailures(Model):
    """Failed tries of which the person has not been told yet."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="untold_failures")
    count = pw.IntegerField()
    first_at = Moment()
    last_at = Moment()


def add_untold(user: int, count: int, first_at: datetime, last_at: datetime) -> None:
    """So many more have failed, between these moments."""
    untold = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if untold:
        more = {"count": untold.count + count, "last_at": last_at}
        UntoldFailures.update(**more).where(UntoldFailures.id == untold.id).execute()
    else:
        UntoldFailures.create(user=user, count=count, first_at=first_at, last_at=last_at)


def untold_sentence(user: User) -> str:
    """What failed, in words and told this once; "" for nothing."""
    untold = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if untold is None:
        return ""
    UntoldFailures.delete().where(UntoldFailures.user == user).execute()
    first, last = format_long_moment(untold.first_at), format_long_moment(untold.last_at)
    when = f"pada {last}" if untold.count == 1 else f"sejak {first}, terakhir {last}"
    return f"{untold.count} kali gagal masuk dengan nama pengguna Anda {when}. {ADVICE}"


FIRST_WAIT = timedelta(seconds=15)  # doubled with each further failure
FORGOTTEN = timedelta(days=1)  # without a failure
MOST_ROWS = 10_000
UNTOLD = "untold:"  # before whom, among what is counted beside the tables
MOST_PLACES = 10  # addresses of a person that are remembered
NETWORK = 64  # bits of an IPv6 address: the rest of it anybody changes as he likes

WAIT = "Terlalu banyak percobaan yang gagal. Tunggu {}, lalu coba sekali lagi."


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
    rows = _rows(counted, at, tries_on_full_disk.rows())
    if seconds := _seconds_left(rows, counted, at):  # asked first without the writer's lock, which a flood would hold
        return seconds
    try:
        _bring_in()
        return _count(counted, at)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        left = _count_aside(counted, at)
        if left is None:
            raise  # what cannot be counted is not looked at
        return left


def _count(counted: dict[str, Allowance], at: datetime) -> int:
    with database.atomic():
        if seconds := _seconds_left(_rows(counted, at), counted, at):
            return seconds
        for key, allowance in counted.items():
            _count_failure(key, allowance, at)
        _clear(at)
    return 0


def _count_aside(counted: dict[str, Allowance], at: datetime) -> int | None:
    """The same on a full disk, None without the file. It is held, so that of many processes one counts at a time."""
    with suppress(FileNotFoundError), tries_on_full_disk.held() as beside:
        rows = _rows(counted, at, beside)
        if seconds := _seconds_left(rows, counted, at):
            return seconds
        for key, allowance in counted.items():
            open_at = at + allowance.wait_after((rows[key].count if key in rows else 0) + 1)
            beside[key] = beside.get(key, CountedAside(0, at, at, at)).once_more(at, open_at)
        return 0
    return None


def _bring_in() -> None:
    """What was counted on a full disk comes into the tables; cut short, some of it counts twice."""
    if not tries_on_full_disk.rows():
        return
    with tries_on_full_disk.held() as beside:
        with database.atomic():
            for key, row in beside.items():
                if key.startswith(UNTOLD):
                    add_untold(int(key.removeprefix(UNTOLD)), row.count, row.first_at, row.last_at)
                else:
                    _add_failures(key, row)
        beside.clear()


def _rows(
    counted: Iterable[str], at: datetime, beside: tries_on_full_disk.Rows | None = None
) -> dict[str, FailedTries]:
    """What is kept of these keys, with what is counted `beside` the tables."""
    kept = FailedTries.select().where(FailedTries.key.in_(list(counted)) & (FailedTries.last_at > at - FORGOTTEN))
    rows = {row.key: row for row in kept}
    for key in counted:
        more = (beside or {}).get(key)
        if more and more.last_at > at - FORGOTTEN:
            row = rows.setdefault(key, FailedTries(key=key, count=0, last_at=more.last_at, open_at=more.open_at))
            row.count += more.count
            row.last_at, row.open_at = max(row.last_at, more.last_at), max(row.open_at, more.open_at)
    return rows


def _seconds_left(rows: dict[str, FailedTries], counted: dict[str, Allowance], at: datetime) -> int:
    """The longest wait of these keys. One that is longer than its allowance is of a clock that has been set back."""
    held = [(row, counted[key]) for key, row in rows.items() if row.count >= counted[key].free]
    left = [row.open_at - at for row, allowance in held if timedelta() < row.open_at - at <= allowance.longest]
    return int(max(left, default=timedelta(seconds=-1)).total_seconds()) + 1


def _count_failure(key: str, allowance: Allowance, at: datetime) -> None:
    row = _rows({key: allowance}, at).get(key)
    count = (row.count if row else 0) + 1
    _keep(key, {"count": count, "last_at": at, "open_at": at + allowance.wait_after(count)})


def _add_failures(key: str, more: CountedAside) -> None:
    row = FailedTries.get_or_none(FailedTries.key == key)
    count, open_at = (row.count, max(row.open_at, more.open_at)) if row else (0, more.open_at)
    _keep(key, {"count": count + more.count, "last_at": more.last_at, "open_at": open_at})


def _keep(key: str, columns: Columns) -> None:
    if not FailedTries.update(**columns).where(FailedTries.key == key).execute():
        FailedTries.create(key=key, **columns)


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
    try:
        with database.atomic():
            FailedTries.update(last_at=at).where(FailedTries.key == _pair(name, address)).execute()
            if user is not None:
                add_untold(user.id, 1, at, at)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        with suppress(FileNotFoundError), tries_on_full_disk.held() as beside:
            if user is not None:
                key = f"{UNTOLD}{user.id}"
                beside[key] = beside.get(key, CountedAside(0, at, at, at)).once_more(at, at)


def come_in(user: User, address: str | None) -> str:
    """The password was right. What failed since the last time, in words and told this once; "" for nothing. On a full
    disk it is told later, when it can be noted that it was."""
    try:
        _bring_in()
        with database.atomic():
            _forgive(user.username, address)
            _remember_place(user, address)
            return untold_sentence(user)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        _forgive_aside(user.username, address)
        return ""


def forgive(name: str, address: str | None) -> None:
    """What failed from this address under this name was the person himself."""
    try:
        _bring_in()
        with database.atomic():
            _forgive(name, address)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        _forgive_aside(name, address)


def _forgive(name: str, address: str | None) -> None:
    pair, counted = _pair(name, address), _counted(name, address)
    own = FailedTries.get_or_none(FailedTries.key == pair)
    FailedTries.delete().where(FailedTries.key == pair).execute()
    for key, row in _rows(counted, now()).items():
        count = max(0, row.count - (own.count if own else 0))
        open_at = _open_again(row.last_at, own.last_at if own else None, counted[key].wait_after(count))
        FailedTries.update(count=count, open_at=open_at).where(FailedTries.key == key).execute()


def _open_again(last_at: datetime, own_at: datetime | None, wait: timedelta) -> datetime:
    """Until when tries wait after a right one. If it came last there is no wait: it was let through, so the one before
    it was over. Else it counts from the last try on: an account of one's own does not shorten the wait of others."""
    return last_at if last_at == own_at else last_at + wait


def _forgive_aside(name: str, address: str | None) -> None:
    """Of what the tables hold nothing can be taken back on a full disk; what came since can."""
    pair, counted = _pair(name, address), _counted(name, address)
    with suppress(FileNotFoundError), tries_on_full_disk.held() as beside:
        own, rows = beside.pop(pair, None), _rows(counted, now(), beside)
        if own is None:
            return
        for key in counted.keys() & beside.keys():
            wait = counted[key].wait_after(rows[key].count - own.count)
            open_at = _open_again(beside[key].last_at, own.last_at, wait)
            beside[key] = replace(beside[key], count=beside[key].count - own.count, open_at=open_at)


def _remember_place(user: User, address: str | None) -> None:
    """The person has come in from here; of many addresses the latest are remembered."""
    pair, at = _pair(user.username, address), now()
    if not KnownPlace.update(last_at=at).where(KnownPlace.key == pair).execute():
        KnownPlace.create(key=pair, user=user, last_at=at)
    latest = KnownPlace.select(KnownPlace.key).where(KnownPlace.user == user).order_by(KnownPlace.last_at.desc())
    if older := [place.key for place in list(latest)[MOST_PLACES:]]:
        KnownPlace.delete().where(KnownPlace.key.in_(older)).execute()


def wait_sentence(seconds: int) -> str:
    return WAIT.format(f"{seconds} detik" if seconds <= 60 else f"{-(-seconds // 60)} menit")  # rounded up
