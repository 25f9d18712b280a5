"""Somebody's second factor: the authenticator's codes (RFC 6238), its sealed key, ten recovery codes.

A passkey (passkey.py) is one as well; the recovery codes stand for either.
"""

import base64
import hmac
import re
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

import peewee as pw

from models.office.people import User
from models.sign_in.passkeys import Passkey, PasskeyQuestion
from models.store import seal
from models.store.base import Model, Moment, database, now

DIGITS, SECONDS, KEY_BYTES = 6, 30, 20
SKEW = 1  # steps by which a phone's clock may be slow or fast
ISSUER = "Panel Pengaduan"
GROUP = 4


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def step_of(at: datetime) -> int:
    """The number of the half minute in which a moment lies."""
    return int(at.timestamp()) // SECONDS


def code_at(key: bytes, step: int) -> str:
    """The code of one half minute."""
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    begin = digest[-1] & 0xF
    number = int.from_bytes(digest[begin : begin + 4]) & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(key: bytes, typed: str, at: datetime) -> int | None:
    """The half minute whose code this is, the newest if it is that of several; None for a wrong code."""
    present = step_of(at)
    sent = typed.encode(errors="replace")
    steps = range(present + SKEW, present - SKEW - 1, -1)
    matches = [step for step in steps if hmac.compare_digest(code_at(key, step).encode(), sent)]
    return next(iter(matches), None)


def key_text(key: bytes) -> str:
    """The key as it is typed into an app by hand, in groups."""
    text = base64.b32encode(key).decode().rstrip("=")
    return " ".join(text[begin : begin + GROUP] for begin in range(0, len(text), GROUP))


def key_address(key: bytes, username: str) -> str:
    """What the QR code says to an app."""
    told = urlencode({"secret": key_text(key).replace(" ", ""), "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(ISSUER)}:{quote(username)}?{told}"


RECOVERIES, RECOVERY_DIGITS, RECOVERY_GROUP = 10, 12, 4
SETTING_UP = timedelta(minutes=15)  # from the password to the first right code
CODE = re.compile(r"[0-9]{6}(?:[0-9]{6})?", re.ASCII)  # what a code of the app or a recovery code looks like
BLANKS = re.compile(r"[\s\-–.]+")


class SecondFactor(Model):
    """The key of a person's authenticator app."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="second_factors")
    sealed_key = pw.BlobField()
    begun_at = Moment(default=now)
    confirmed_at = Moment(null=True)  # until then nobody is asked for a code
    last_step = pw.BigIntegerField(default=0)  # the half minute of the last code that was taken: each opens once


class RecoveryCode(Model):
    """A code that stands for the app once. It is found by its keyed hash, so the row says nothing without the key."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="recovery_codes")
    mark = pw.BlobField()
    used_at = Moment(null=True)


def factor_of(user: User) -> SecondFactor | None:
    """The app that the person has in use."""
    factor: SecondFactor | None = SecondFactor.get_or_none(
        (SecondFactor.user == user) & SecondFactor.confirmed_at.is_null(False)
    )
    return factor


def has_factor(user: User) -> bool:
    """Whether there is an app in use or a passkey, in one statement: it is asked at each sign-in."""
    in_use = (SecondFactor.user == user) & SecondFactor.confirmed_at.is_null(False)
    apps = SecondFactor.select(SecondFactor.id).where(in_use)
    return bool(apps.union_all(Passkey.select(Passkey.id).where(Passkey.user == user)).exists())


def looks_like_code(typed: str) -> bool:
    """Whether this may be a code at all, which no password is."""
    return bool(CODE.fullmatch(_bare(typed)))


def _bare(typed: str) -> str:
    """A code without what people and apps write between its digits."""
    return BLANKS.sub("", typed)


def begin_setup(user: User) -> bytes:
    """A new key, which counts for nothing yet and takes the place of one that never did; never of one that does."""
    key = new_key()
    begun = SecondFactor.insert(user=user, sealed_key=_seal_key(user, key))
    begun.on_conflict(
        conflict_target=(SecondFactor.user,),
        preserve=(SecondFactor.sealed_key, SecondFactor.begun_at),
        where=SecondFactor.confirmed_at.is_null(),
    ).execute()
    return key


def setup_of(user: User, at: datetime) -> SecondFactor | None:
    """What the person is about to set up, unless it has lain too long."""
    row: SecondFactor | None = SecondFactor.get_or_none(
        (SecondFactor.user == user) & SecondFactor.confirmed_at.is_null() & (SecondFactor.begun_at > at - SETTING_UP)
    )
    return row


def confirm_setup(user: User, typed: str) -> list[str]:
    """From a right code on the factor counts; the recovery codes, told this once. Nothing for a wrong code."""
    at = now()
    row = setup_of(user, at)
    step = matching_step(_open_key(row), _bare(typed), at) if row else None
    if row is None or step is None:
        return []
    with database.atomic():
        same_key = SecondFactor.sealed_key == row.sealed_key  # it may have been begun anew meanwhile
        this_one = (SecondFactor.id == row.id) & SecondFactor.confirmed_at.is_null() & same_key
        if not SecondFactor.update(confirmed_at=at, last_step=step).where(this_one).execute():
            return []
        return new_recovery_codes(user)


def accept(user: User, typed: str) -> bool:
    """Whether this is a code of the person's that has not been used yet; it has been from now on, for all processes."""
    bare = _bare(typed)
    if not CODE.fullmatch(bare):
        return False
    if len(bare) == RECOVERY_DIGITS:
        return _accept_recovery(user, bare)
    factor = factor_of(user)
    return factor is not None and _accept_code(factor, bare)


def _accept_code(factor: SecondFactor, typed: str) -> bool:
    """One statement decides between two who come with the same code."""
    step = matching_step(_open_key(factor), typed, now())
    if step is None:
        return False
    unused = (SecondFactor.id == factor.id) & (SecondFactor.last_step < step)
    return bool(SecondFactor.update(last_step=step).where(unused).execute())


def _accept_recovery(user: User, typed: str) -> bool:
    this_one = (RecoveryCode.user == user) & (RecoveryCode.mark == _mark(user, typed)) & RecoveryCode.used_at.is_null()
    return bool(RecoveryCode.update(used_at=now()).where(this_one).execute())


def new_recovery_codes(user: User) -> list[str]:
    """Ten new ones in place of all that were left, as people write them; told this once."""
    fresh = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}" for _ in range(RECOVERIES)]
    with database.atomic():
        RecoveryCode.delete().where(RecoveryCode.user == user).execute()
        for code in fresh:
            RecoveryCode.create(user=user, mark=_mark(user, code))
    return ["-".join(re.findall(f".{{{RECOVERY_GROUP}}}", code)) for code in fresh]


def first_recovery_codes(user: User) -> list[str]:
    """Ten for whoever has just got the first factor; nothing for who has had some."""
    has_some = RecoveryCode.select().where(RecoveryCode.user == user).exists()
    return [] if has_some else new_recovery_codes(user)


def recovery_codes_left(user: User) -> int:
    left = RecoveryCode.select().where((RecoveryCode.user == user) & RecoveryCode.used_at.is_null())
    return int(left.count())


def last_recovery(user: User) -> datetime | None:
    """When one of those codes was last used, by its owner or by whoever had it."""
    last: datetime | None = (
        RecoveryCode.select(pw.fn.MAX(RecoveryCode.used_at)).where(RecoveryCode.user == user).scalar()
    )
    return last


def remove(user: User) -> bool:
    """The person has no second factor any more, of whatever kind; whether there was one."""
    with database.atomic():
        RecoveryCode.delete().where(RecoveryCode.user == user).execute()
        PasskeyQuestion.delete().where(PasskeyQuestion.user == user).execute()
        keys = Passkey.delete().where(Passkey.user == user).execute()
        return bool(SecondFactor.delete().where(SecondFactor.user == user).execute() + keys)


def remove_app(user: User) -> bool:
    """The app is gone, passkeys stay; whether there was one."""
    with database.atomic():
        was = SecondFactor.delete().where(SecondFactor.user == user).execute()
        _drop_codes_of_nothing(user)
        return bool(was)


def remove_passkey(row: Passkey) -> bool:
    """This one passkey is gone; whether it still was there."""
    with database.atomic():
        was = Passkey.delete().where(Passkey.id == row.id).execute()
        _drop_codes_of_nothing(row.user)
        return bool(was)


def _drop_codes_of_nothing(user: User) -> None:
    """Recovery codes stand for a factor: without one they open nothing, and are not kept."""
    if not has_factor(user):
        RecoveryCode.delete().where(RecoveryCode.user == user).execute()


def _label(user: int) -> str:
    return f"second factor/{user}"


def _seal_key(user: User, key: bytes) -> bytes:
    return seal.ring().panel.close(_label(user.id), key)


def _open_key(row: SecondFactor) -> bytes:
    return seal.ring().panel.open(_label(row.user_id), row.sealed_key)


def _mark(user: User, code: str) -> bytes:
    return seal.ring().mark("recovery code", f"{user.id}/{code}")
