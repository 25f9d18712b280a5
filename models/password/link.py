"""The one-time link by which a person sets a password himself: 256 random bits, of which only the hash is kept."""

import secrets
from datetime import timedelta
from hashlib import sha256

import peewee as pw

from models.office.people import User
from models.store.base import Model, Moment, database, now

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
