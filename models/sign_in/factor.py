"""A user's second factor: codes of an authenticator app (RFC 6238), its sealed key, ten recovery codes.

A passkey (passkeys.py) is a second factor as well; the recovery codes replace either.
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
SKEW = 1  # steps by which the device's clock may be off
ISSUER = "Panel Pengaduan"
GROUP = 4


def step_of(at: datetime) -> int:
    """The TOTP time step of a moment."""
    return int(at.timestamp()) // SECONDS


def code_at(key: bytes, step: int) -> str:
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    begin = digest[-1] & 0xF
    number = int.from_bytes(digest[begin : begin + 4]) & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(key: bytes, typed: str, at: datetime) -> int | None:
    """The latest accepted time step with this code; None for a wrong code."""
    present = step_of(at)
    sent = typed.encode(errors="replace")
    steps = range(present + SKEW, present - SKEW - 1, -1)
    matches = [step for step in steps if hmac.compare_digest(code_at(key, step).encode(), sent)]
    return next(iter(matches), None)


def key_text(key: bytes) -> str:
    """The key in Base32, in groups for typing it into an app."""
    text = base64.b32encode(key).decode().rstrip("=")
    return " ".join(text[begin : begin + GROUP] for begin in range(0, len(text), GROUP))


def key_address(key: bytes, username: str) -> str:
    """The otpauth:// address in the QR code."""
    query = urlencode({"secret": key_text(key).replace(" ", ""), "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(ISSUER)}:{quote(username)}?{query}"


RECOVERIES, RECOVERY_DIGITS, RECOVERY_GROUP = 10, 12, 4
SETTING_UP = timedelta(minutes=15)  # from the start of the setup to the first correct code
CODE = re.compile(r"[0-9]{6}(?:[0-9]{6})?", re.ASCII)  # a code of the app or a recovery code
BLANKS = re.compile(r"[\s\-–.]+")


class SecondFactor(Model):
    """The key of a user's authenticator app."""

    in_digest = False

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="second_factors")
    sealed_key = pw.BlobField()
    begun_at = Moment(default=now)
    confirmed_at = Moment(null=True)  # until then no code is asked for
    last_step = pw.BigIntegerField(default=0)  # time step of the last accepted code: each is accepted once


class RecoveryCode(Model):
    """A recovery code, to be used once; only its keyed hash is stored."""

    in_digest = False

    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="recovery_codes")
    mark = pw.BlobField()
    used_at = Moment(null=True)


def factor_of(user: User) -> SecondFactor | None:
    """The user's confirmed app, if any."""
    factor: SecondFactor | None = SecondFactor.get_or_none(
        (SecondFactor.user == user) & SecondFactor.confirmed_at.is_null(False)
    )
    return factor


def has_factor(user: User) -> bool:
    """Whether the user has a confirmed app or a passkey; one statement, as it runs at each sign-in."""
    in_use = (SecondFactor.user == user) & SecondFactor.confirmed_at.is_null(False)
    apps = SecondFactor.select(SecondFactor.id).where(in_use)
    return bool(apps.union_all(Passkey.select(Passkey.id).where(Passkey.user == user)).exists())


def looks_like_code(typed: str) -> bool:
    """Whether this has the format of a code; such a password is not allowed."""
    return bool(CODE.fullmatch(_digits_of(typed)))


def _digits_of(typed: str) -> str:
    """A code without spaces, hyphens and dots between its digits."""
    return BLANKS.sub("", typed)


def begin_setup(user: User) -> bytes:
    """Store a new, unconfirmed key, replacing an unconfirmed one but never a confirmed one."""
    key = secrets.token_bytes(KEY_BYTES)
    begun = SecondFactor.insert(user=user, sealed_key=seal.ring().panel.close(_label(user.id), key))
    begun.on_conflict(
        conflict_target=(SecondFactor.user,),
        preserve=(SecondFactor.sealed_key, SecondFactor.begun_at),
        where=SecondFactor.confirmed_at.is_null(),
    ).execute()
    return key


def setup_of(user: User, at: datetime) -> SecondFactor | None:
    """The user's unconfirmed app, unless its setup has expired."""
    row: SecondFactor | None = SecondFactor.get_or_none(
        (SecondFactor.user == user) & SecondFactor.confirmed_at.is_null() & (SecondFactor.begun_at > at - SETTING_UP)
    )
    return row


def confirm_setup(user: User, typed: str) -> list[str]:
    """Confirm the app by a correct code; returns the recovery codes, shown only now, or nothing for a wrong code."""
    at = now()
    row = setup_of(user, at)
    step = matching_step(_open_key(row), _digits_of(typed), at) if row else None
    if row is None or step is None:
        return []
    with database.atomic():
        same_key = SecondFactor.sealed_key == row.sealed_key  # the setup may have been restarted meanwhile
        this_one = (SecondFactor.id == row.id) & SecondFactor.confirmed_at.is_null() & same_key
        if not SecondFactor.update(confirmed_at=at, last_step=step).where(this_one).execute():
            return []
        return new_recovery_codes(user)


def accept(user: User, typed: str) -> bool:
    """Whether this is an unused code of the user; marks it as used, atomically among processes."""
    bare = _digits_of(typed)
    if not CODE.fullmatch(bare):
        return False
    # A single UPDATE each, so that of two requests with the same code one is accepted.
    if len(bare) == RECOVERY_DIGITS:
        same = (RecoveryCode.user == user) & (RecoveryCode.mark == _mark(user, bare))
        return bool(RecoveryCode.update(used_at=now()).where(same & RecoveryCode.used_at.is_null()).execute())
    factor = factor_of(user)
    step = matching_step(_open_key(factor), bare, now()) if factor else None
    if factor is None or step is None:
        return False
    unused = (SecondFactor.id == factor.id) & (SecondFactor.last_step < step)
    return bool(SecondFactor.update(last_step=step).where(unused).execute())


def new_recovery_codes(user: User) -> list[str]:
    """Replace all recovery codes by ten new ones; returns them in groups, shown only now."""
    fresh = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}" for _ in range(RECOVERIES)]
    with database.atomic():
        RecoveryCode.delete().where(RecoveryCode.user == user).execute()
        for code in fresh:
            RecoveryCode.create(user=user, mark=_mark(user, code))
    return ["-".join(re.findall(f".{{{RECOVERY_GROUP}}}", code)) for code in fresh]


def first_recovery_codes(user: User) -> list[str]:
    """Ten for a user with a first factor; none if codes were issued before."""
    has_some = RecoveryCode.select().where(RecoveryCode.user == user).exists()
    return [] if has_some else new_recovery_codes(user)


def recovery_codes_left(user: User) -> int:
    left = RecoveryCode.select().where((RecoveryCode.user == user) & RecoveryCode.used_at.is_null())
    return int(left.count())


def last_recovery(user: User) -> datetime | None:
    """When a recovery code of the user was last used."""
    last: datetime | None = (
        RecoveryCode.select(pw.fn.MAX(RecoveryCode.used_at)).where(RecoveryCode.user == user).scalar()
    )
    return last


def remove(user: User) -> bool:
    """Remove all second factors of the user; whether there was one."""
    with database.atomic():
        RecoveryCode.delete().where(RecoveryCode.user == user).execute()
        PasskeyQuestion.delete().where(PasskeyQuestion.user == user).execute()
        keys = Passkey.delete().where(Passkey.user == user).execute()
        return bool(SecondFactor.delete().where(SecondFactor.user == user).execute() + keys)


def remove_app(user: User) -> bool:
    """Remove the app only; whether there was one."""
    with database.atomic():
        was = SecondFactor.delete().where(SecondFactor.user == user).execute()
        _drop_unusable_codes(user)
        return bool(was)


def remove_passkey(row: Passkey) -> bool:
    """Remove one passkey; whether it still existed."""
    with database.atomic():
        was = Passkey.delete().where(Passkey.id == row.id).execute()
        _drop_unusable_codes(row.user)
        return bool(was)


def _drop_unusable_codes(user: User) -> None:
    """Delete the recovery codes of a user without a second factor: they would be of no use."""
    if not has_factor(user):
        RecoveryCode.delete().where(RecoveryCode.user == user).execute()


def _label(user: int) -> str:
    return f"second factor/{user}"


def _open_key(row: SecondFactor) -> bytes:
    return seal.ring().panel.open(_label(row.user_id), row.sealed_key)


def _mark(user: User, code: str) -> bytes:
    return seal.ring().mark("recovery code", f"{user.id}/{code}")
