"""One-time links: to set a password, by letter, and for the first administrator."""

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

from models.letters.letter import Words
from models.office.people import User
from models.store.base import Model, Moment, database, now
from sop.words import format_long_moment

LASTS = timedelta(hours=24)
BYTES = 32


class PasswordLink(Model):
    """The link that a person may use: one at most, a newer one takes its place, and whoever uses it uses it up."""

    kept_by_digest = False
    survives_restore = False  # one that was used since the backup must not work once more

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="password_links")
    token_hash = pw.CharField(max_length=64, unique=True)
    made_by = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="made_password_links")
    made_at = Moment(default=now)
    expires_at = Moment()


def make_link(user: User, *, by: User) -> str:
    """A new link for a person, in place of an older one; what stands behind its address, which is told this once."""
    token, at = secrets.token_urlsafe(BYTES), now()
    with database.atomic():
        drop_link(user)
        PasswordLink.create(user=user, token_hash=hash_of(token), made_by=by, made_at=at, expires_at=at + LASTS)
    return token


def hash_of(token: str) -> str:
    """What is kept of a link. The token is random and long, so a plain hash cannot be guessed back."""
    return sha256(token.encode(errors="replace")).hexdigest()


def holder_of(token_hash: str) -> User | None:
    """Who may set a password by this link; None for one that is unknown, used, replaced, too old, or of somebody who is
    switched off: nobody learns which."""
    links = PasswordLink.select(PasswordLink, User).join(User, on=PasswordLink.user == User.id)
    link = links.where((PasswordLink.token_hash == token_hash) & _counts()).get_or_none()
    return link.user if link and link.user.active else None


def use_up(user: User, token_hash: str) -> PasswordLink | None:
    """The link if it could still be used; it cannot any more. Asked in the transaction that keeps the password."""
    this_link = (PasswordLink.user == user) & (PasswordLink.token_hash == token_hash) & _counts()
    link: PasswordLink | None = PasswordLink.get_or_none(this_link)
    return link if PasswordLink.delete().where(this_link).execute() else None


def drop_link(user: User) -> None:
    """A link that was handed out before counts for nothing."""
    PasswordLink.delete().where(PasswordLink.user == user).execute()


def open_link(user: User) -> PasswordLink | None:
    """The link that the person could use now."""
    link: PasswordLink | None = PasswordLink.get_or_none((PasswordLink.user == user) & _counts())
    return link


def _counts() -> pw.Expression:
    """Condition: not too old, and whoever made it has not been switched off since: he may have kept it for himself."""
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


def link_letter(*, office: str, link: str, until: datetime) -> Words:
    return Words(SUBJECT, TEXT.format(office=office, link=link, until=format_long_moment(until)))


NAME = "pengelola-pertama.tautan"


def make_first_link(var: Path) -> str:
    """A new link in place of an older one; what stands behind its address, which is told this once."""
    token = secrets.token_urlsafe(BYTES)
    begun = var / f"{NAME}.baru"
    begun.unlink(missing_ok=True)
    begun.touch(mode=0o600)
    begun.write_text(json.dumps({"hash": hash_of(token), "until": (now() + LASTS).isoformat()}))
    begun.replace(var / NAME)
    return token


def first_link_waits(var: Path) -> bool:
    """Whether somebody holds a link that could still be used."""
    return _kept_hash(var) is not None


def is_first_link(var: Path, token_hash: str) -> bool:
    """Whether this is the hash of that link."""
    kept = _kept_hash(var)
    return kept is not None and compare_digest(kept, token_hash)


@contextmanager
def using_first_link(var: Path, token_hash: str) -> Iterator[bool]:
    """Whether it may be used: by one at a time, and it is gone once what was done with it is done."""
    try:
        held = os.open(var / NAME, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        serves = is_first_link(var, token_hash)
        yield serves
        if serves:
            (var / NAME).unlink(missing_ok=True)
    finally:
        os.close(held)


def _kept_hash(var: Path) -> str | None:
    """None without a link, for one that is too old, and for a file that somebody has spoiled."""
    try:
        kept = json.loads((var / NAME).read_text())
        return str(kept["hash"]) if datetime.fromisoformat(kept["until"]) > now() else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
