"""Rate limit of failed sign-ins: how long the next attempt waits, among all processes; the user is notified once.

Each attempt is counted as failed before its password is checked, and the count is reset once it was correct: of two
hundred simultaneous attempts only the first few are checked. Counted are the name from this address, the name from any
address, and the address with any name. From an address with an earlier sign-in only the first count applies, so that
guessing from elsewhere does not lock the user out. While the disk is full, attempts are counted in a file, see
attempts_on_full_disk.py.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

import peewee as pw

from models.office.people import User
from models.sign_in import attempts_on_full_disk
from models.sign_in.attempts_on_full_disk import CountedInFile
from models.store import seal
from models.store.base import Columns, Model, Moment, database, now
from models.store.outage import DATABASE_ERRORS, refuse_unless_full
from sop.words import format_long_moment

ADVICE = "Bila bukan Anda, ganti kata sandi pada Akun saya dan beri tahu pengelola sistem."


class UntoldFailures(Model):
    """Failed attempts of which the user has not been notified yet."""

    in_digest = False

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="untold_failures")
    count = pw.IntegerField()
    first_at = Moment()
    last_at = Moment()


def add_untold(user: int, count: int, first_at: datetime, last_at: datetime) -> None:
    """Add failed attempts between these moments."""
    failures = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if failures:
        more = {"count": failures.count + count, "last_at": last_at}
        UntoldFailures.update(**more).where(UntoldFailures.id == failures.id).execute()
    else:
        UntoldFailures.create(user=user, count=count, first_at=first_at, last_at=last_at)


def untold_sentence(user: User) -> str:
    """The notice about failed attempts, shown only once; "" for none."""
    failures = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if failures is None:
        return ""
    UntoldFailures.delete().where(UntoldFailures.user == user).execute()
    first, last = format_long_moment(failures.first_at), format_long_moment(failures.last_at)
    when = f"pada {last}" if failures.count == 1 else f"sejak {first}, terakhir {last}"
    return f"{failures.count} kali gagal masuk dengan nama pengguna Anda {when}. {ADVICE}"


FIRST_WAIT = timedelta(seconds=15)  # doubled with each further failure
FORGOTTEN = timedelta(days=1)  # without a failure
MOST_ROWS = 10_000
UNTOLD = "untold:"  # prefix of a user id in the file
MOST_PLACES = 10  # known addresses of a user
NETWORK = 64  # bits of the IPv6 prefix; a client can change the rest

WAIT = "Terlalu banyak percobaan yang gagal. Tunggu {}, lalu coba sekali lagi."


@dataclass(frozen=True)
class Allowance:
    """How many attempts may fail before the next one must wait, and the longest wait."""

    free: int
    longest: timedelta

    def wait_after(self, count: int) -> timedelta:
        doublings = min(count - self.free, 16)
        return min(FIRST_WAIT * 2**doublings, self.longest) if doublings >= 0 else timedelta()


NAME_AT_PLACE = Allowance(5, timedelta(minutes=15))
KNOWN_THERE = Allowance(5, timedelta(minutes=1))  # guessing at the user's own computer must not lock him out for long
NAME_ANYWHERE = Allowance(10, timedelta(minutes=5))
ANY_NAME_AT_PLACE = Allowance(10, timedelta(minutes=15))


class FailedTries(Model):
    """The failures of one key: a keyed hash, since users sometimes type the password as the name."""

    in_digest = False

    key = pw.CharField(max_length=40, primary_key=True)
    count = pw.IntegerField()
    last_at = Moment(index=True)
    open_at = Moment()  # until then no attempt is checked


class KnownPlace(Model):
    """A user name and an address from which it has signed in."""

    in_digest = False

    key = pw.CharField(max_length=40, primary_key=True)
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="known_places")
    last_at = Moment()


def place_of_address(address: str | None) -> str:
    """The address that is counted: the prefix of IPv6, and IPv4 also if it is mapped into IPv6."""
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
    """The keys that an attempt is counted under, with the allowance of each."""
    pair = _pair(name, address)
    if KnownPlace.select().where(KnownPlace.key == pair).exists():
        return {pair: KNOWN_THERE}
    return {
        pair: NAME_AT_PLACE,
        _key("name", name.lower()): NAME_ANYWHERE,
        _key("place", place_of_address(address)): ANY_NAME_AT_PLACE,
    }


def begin_try(name: str, address: str | None) -> int:
    """Seconds that this attempt must wait; 0 if its password may be checked, then it is already counted as failed."""
    at, counted = now(), _counted(name, address)
    rows = _rows(counted, at, attempts_on_full_disk.rows())
    if seconds := _seconds_left(rows, counted, at):  # first without the write lock, which a flood would occupy
        return seconds
    try:
        _import_file()
        return _count(counted, at)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        left = _count_in_file(counted, at)
        if left is None:
            raise  # an attempt that cannot be counted is not checked
        return left


def _count(counted: dict[str, Allowance], at: datetime) -> int:
    with database.atomic():
        if seconds := _seconds_left(_rows(counted, at), counted, at):
            return seconds
        for key, allowance in counted.items():
            row = _rows({key: allowance}, at).get(key)
            count = (row.count if row else 0) + 1
            _store(key, {"count": count, "last_at": at, "open_at": at + allowance.wait_after(count)})
        _clear(at)
    return 0


def _count_in_file(counted: dict[str, Allowance], at: datetime) -> int | None:
    """The same in the file on a full disk, None without the file. The file is locked among processes."""
    with suppress(FileNotFoundError), attempts_on_full_disk.locked_counts() as in_file:
        rows = _rows(counted, at, in_file)
        if seconds := _seconds_left(rows, counted, at):
            return seconds
        for key, allowance in counted.items():
            open_at = at + allowance.wait_after((rows[key].count if key in rows else 0) + 1)
            in_file[key] = in_file.get(key, CountedInFile(0, at, at, at)).once_more(at, open_at)
        return 0
    return None


def _import_file() -> None:
    """Move the counts of the file into the tables; after a crash in between some count twice."""
    if not attempts_on_full_disk.rows():
        return
    with attempts_on_full_disk.locked_counts() as in_file:
        with database.atomic():
            for key, row in in_file.items():
                if key.startswith(UNTOLD):
                    add_untold(int(key.removeprefix(UNTOLD)), row.count, row.first_at, row.last_at)
                else:
                    _add_failures(key, row)
        in_file.clear()


def _rows(
    counted: Iterable[str], at: datetime, in_file: attempts_on_full_disk.Rows | None = None
) -> dict[str, FailedTries]:
    """The rows of these keys, with the counts of the file (`in_file`) added."""
    stored = FailedTries.select().where(FailedTries.key.in_(list(counted)) & (FailedTries.last_at > at - FORGOTTEN))
    rows = {row.key: row for row in stored}
    for key in counted:
        more = (in_file or {}).get(key)
        if more and more.last_at > at - FORGOTTEN:
            row = rows.setdefault(key, FailedTries(key=key, count=0, last_at=more.last_at, open_at=more.open_at))
            row.count += more.count
            row.last_at, row.open_at = max(row.last_at, more.last_at), max(row.open_at, more.open_at)
    return rows


def _seconds_left(rows: dict[str, FailedTries], counted: dict[str, Allowance], at: datetime) -> int:
    """The longest wait of these keys. A wait above its allowance, by a clock that was set back, is ignored."""
    limited = [(row, counted[key]) for key, row in rows.items() if row.count >= counted[key].free]
    left = [row.open_at - at for row, allowance in limited if timedelta() < row.open_at - at <= allowance.longest]
    return int(max(left, default=timedelta(seconds=-1)).total_seconds()) + 1


def _add_failures(key: str, more: CountedInFile) -> None:
    row = FailedTries.get_or_none(FailedTries.key == key)
    count, open_at = (row.count, max(row.open_at, more.open_at)) if row else (0, more.open_at)
    _store(key, {"count": count + more.count, "last_at": more.last_at, "open_at": open_at})


def _store(key: str, columns: Columns) -> None:
    if not FailedTries.update(**columns).where(FailedTries.key == key).execute():
        FailedTries.create(key=key, **columns)


def _clear(at: datetime) -> None:
    """Delete expired rows, and the oldest above MOST_ROWS, which only an attack creates."""
    FailedTries.delete().where(FailedTries.last_at <= at - FORGOTTEN).execute()
    over = FailedTries.select().count() - MOST_ROWS
    if over > 0:
        oldest = [row.key for row in FailedTries.select(FailedTries.key).order_by(FailedTries.last_at).limit(over)]
        FailedTries.delete().where(FailedTries.key.in_(oldest)).execute()


def record_failure(user: User | None, name: str, address: str | None) -> None:
    """The password was wrong: the user will be notified. An unknown name causes a write as well."""
    at = now()
    try:
        with database.atomic():
            FailedTries.update(last_at=at).where(FailedTries.key == _pair(name, address)).execute()
            if user is not None:
                add_untold(user.id, 1, at, at)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        with suppress(FileNotFoundError), attempts_on_full_disk.locked_counts() as in_file:
            if user is not None:
                key = f"{UNTOLD}{user.id}"
                in_file[key] = in_file.get(key, CountedInFile(0, at, at, at)).once_more(at, at)


def record_sign_in(user: User, address: str | None) -> str:
    """The password was correct. Returns the notice about failures since the last sign-in, shown only once; "" for none.
    On a full disk it is shown later, when it can be deleted."""
    try:
        _import_file()
        with database.atomic():
            _forgive(user.username, address)
            _remember_place(user, address)
            return untold_sentence(user)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        _forgive_in_file(user.username, address)
        return ""


def forgive(name: str, address: str | None) -> None:
    """Reset the failures of this name from this address: they were the user's own."""
    try:
        _import_file()
        with database.atomic():
            _forgive(name, address)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        _forgive_in_file(name, address)


def _forgive(name: str, address: str | None) -> None:
    pair, counted = _pair(name, address), _counted(name, address)
    own = FailedTries.get_or_none(FailedTries.key == pair)
    FailedTries.delete().where(FailedTries.key == pair).execute()
    for key, row in _rows(counted, now()).items():
        count = max(0, row.count - (own.count if own else 0))
        open_at = _open_again(row.last_at, own.last_at if own else None, counted[key].wait_after(count))
        FailedTries.update(count=count, open_at=open_at).where(FailedTries.key == key).execute()


def _open_again(last_at: datetime, own_at: datetime | None, wait: timedelta) -> datetime:
    """Until when attempts wait after a correct one. If that was the last, there is no wait, since an earlier wait was
    over. Otherwise it counts from the last attempt: signing in to one's own account does not shorten it for others."""
    return last_at if last_at == own_at else last_at + wait


def _forgive_in_file(name: str, address: str | None) -> None:
    """On a full disk only the counts of the file can be reset."""
    pair, counted = _pair(name, address), _counted(name, address)
    with suppress(FileNotFoundError), attempts_on_full_disk.locked_counts() as in_file:
        own, rows = in_file.pop(pair, None), _rows(counted, now(), in_file)
        if own is None:
            return
        for key in counted.keys() & in_file.keys():
            wait = counted[key].wait_after(rows[key].count - own.count)
            open_at = _open_again(in_file[key].last_at, own.last_at, wait)
            in_file[key] = replace(in_file[key], count=in_file[key].count - own.count, open_at=open_at)


def _remember_place(user: User, address: str | None) -> None:
    """Store the address as known; only the latest MOST_PLACES are retained."""
    pair, at = _pair(user.username, address), now()
    if not KnownPlace.update(last_at=at).where(KnownPlace.key == pair).execute():
        KnownPlace.create(key=pair, user=user, last_at=at)
    latest = KnownPlace.select(KnownPlace.key).where(KnownPlace.user == user).order_by(KnownPlace.last_at.desc())
    if older := [place.key for place in list(latest)[MOST_PLACES:]]:
        KnownPlace.delete().where(KnownPlace.key.in_(older)).execute()


def wait_sentence(seconds: int) -> str:
    return WAIT.format(f"{seconds} detik" if seconds <= 60 else f"{-(-seconds // 60)} menit")  # rounded up
