"""One-time links: for setting a password, sent by e-mail, and for the first administrator."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

import peewee as pw

from models.email.message import Words
from models.office.people import User
from models.store.base import Model, Moment, database, now
from sop.words import format_long_moment

LASTS = timedelta(hours=24)
BYTES = 32


class PasswordLink(Model):
    """The user's link: at most one, replaced by a newer one, and deleted when it is used."""

    in_digest = False
    survives_restore = False  # a link used since the backup must not work again

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="password_links")
    token_hash = pw.CharField(max_length=64, unique=True)
    made_by = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="made_password_links")
    made_at = Moment(default=now)
    expires_at = Moment()


def make_link(user: User, *, by: User) -> str:
    """Create a link, replacing an older one; returns its token, which is not stored."""
    token, at = secrets.token_urlsafe(BYTES), now()
    with database.atomic():
        drop_link(user)
        PasswordLink.create(user=user, token_hash=hash_of(token), made_by=by, made_at=at, expires_at=at + LASTS)
    return token


def hash_of(token: str) -> str:
    """The stored hash of a token; unsalted, as the token is long and random."""
    return sha256(token.encode(errors="replace")).hexdigest()


def holder_of(token_hash: str) -> User | None:
    """The user of a valid link; None if it is unknown, used, replaced, expired or of a deactivated user, without saying
    which."""
    links = PasswordLink.select(PasswordLink, User).join(User, on=PasswordLink.user == User.id)
    link = links.where((PasswordLink.token_hash == token_hash) & _is_valid()).get_or_none()
    return link.user if link and link.user.active else None


def use_up(user: User, token_hash: str) -> PasswordLink | None:
    """Delete and return the link if it is valid. Call in the transaction that stores the password."""
    this_link = (PasswordLink.user == user) & (PasswordLink.token_hash == token_hash) & _is_valid()
    link: PasswordLink | None = PasswordLink.get_or_none(this_link)
    return link if PasswordLink.delete().where(this_link).execute() else None


def drop_link(user: User) -> None:
    """Revoke the user's link."""
    PasswordLink.delete().where(PasswordLink.user == user).execute()


def open_link(user: User) -> PasswordLink | None:
    """The user's valid link."""
    link: PasswordLink | None = PasswordLink.get_or_none((PasswordLink.user == user) & _is_valid())
    return link


def _is_valid() -> pw.Expression:
    """Condition: not expired, and its maker, who has seen it, is still active."""
    makers = User.select(User.id).where(User.active)
    return (PasswordLink.expires_at > now()) & PasswordLink.made_by.in_(makers)


SUBJECT = "Tautan kata sandi Panel Pengaduan"
TEXT = """\
Yth. Bapak/Ibu,

Dengan tautan berikut Anda membuat sendiri kata sandi untuk Panel Pengaduan
{office}:

{link}

Tautan ini berlaku sampai {until} dan hanya dapat
dipakai sekali. Siapa pun yang memegangnya dapat membuat kata sandi akun
Anda, jadi jangan meneruskannya kepada siapa pun.

Bila Anda tidak menunggu surel ini, abaikan dan beri tahu pengelola sistem.

Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""


def link_email(*, office: str, link: str, until: datetime) -> Words:
    return Words(SUBJECT, TEXT.format(office=office, link=link, until=format_long_moment(until)))


NAME = "pengelola-pertama.tautan"


def make_first_link(var: Path) -> str:
    """Create the link of the first administrator, replacing an older one; returns its token, which is not stored."""
    token = secrets.token_urlsafe(BYTES)
    begun = var / f"{NAME}.baru"
    begun.unlink(missing_ok=True)
    begun.touch(mode=0o600)
    begun.write_text(json.dumps({"hash": hash_of(token), "until": (now() + LASTS).isoformat()}))
    begun.replace(var / NAME)
    return token


def first_link_waits(var: Path) -> bool:
    """Whether there is a valid link of the first administrator."""
    return _stored_hash(var) is not None


def is_first_link(var: Path, token_hash: str) -> bool:
    """Whether this is the hash of the first administrator's valid link."""
    stored = _stored_hash(var)
    return stored is not None and compare_digest(stored, token_hash)


@contextmanager
def using_first_link(var: Path, token_hash: str) -> Iterator[bool]:
    """Yield whether the link is valid, under a file lock; the link is deleted after the block."""
    try:
        descriptor = os.open(var / NAME, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        is_valid = is_first_link(var, token_hash)
        yield is_valid
        if is_valid:
            (var / NAME).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _stored_hash(var: Path) -> str | None:
    """The hash of the valid link; None without one, for an expired one and for a malformed file."""
    try:
        link = json.loads((var / NAME).read_text())
        return str(link["hash"]) if datetime.fromisoformat(link["until"]) > now() else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
