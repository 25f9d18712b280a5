"""Passkeys as rows: whose device may answer in place of a code, and what it has been asked and not answered yet."""

import hashlib
import secrets
from datetime import timedelta

import peewee as pw

from models.office.people import User
from models.store import seal
from models.store.base import Model, Moment, database, now

MOST = 10  # passkeys of a person
LONGEST_NAME = 60
QUESTION_BYTES = 32
OPEN_FOR = timedelta(minutes=5)  # from the question to its answer
MOST_OPEN = 10  # questions of a session: of more tabs the oldest is asked anew


class Passkey(Model):
    """The public half of a key whose other half never leaves the person's device, for one name of the panel."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="passkeys")
    host = pw.CharField(max_length=253)
    credential = pw.BlobField(unique=True)
    sealed_key = pw.BlobField()  # no secret: sealed so that a key which somebody plants into the table opens nothing
    sign_count = pw.BigIntegerField()  # how often the device says that it has signed; many always say 0
    name = pw.CharField(max_length=LONGEST_NAME)
    added_at = Moment(default=now)
    used_at = Moment(null=True)


class PasskeyQuestion(Model):
    """A question that one session was asked: its answer is looked at once, and within five minutes."""

    kept_by_digest = False
    survives_restore = False

    digest = pw.CharField(max_length=64, unique=True)
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="passkey_questions")
    session = pw.CharField(max_length=64)  # the digest of the session that was asked
    adds = pw.BooleanField()  # asked in order to add a passkey, for which the password was typed
    asked_at = Moment(default=now, index=True)


def passkeys_of(user: User, host: str | None = None) -> list[Passkey]:
    """Those of somebody, the oldest first; with `host` those that open the panel under this name."""
    here = True if host is None else Passkey.host == host
    return list(Passkey.select().where((Passkey.user == user) & here).order_by(Passkey.id))


def ask(user: User, session: str, *, adds: bool) -> bytes:
    """A new question. Those that are too old go, of everybody; of too many only the session's own, since whoever has
    no more than the password asks in another one, and must not take away what the person is about to answer."""
    question, at = secrets.token_bytes(QUESTION_BYTES), now()
    with database.atomic():
        PasskeyQuestion.delete().where(PasskeyQuestion.asked_at <= at - OPEN_FOR).execute()
        his = (PasskeyQuestion.user == user) & (PasskeyQuestion.session == session)
        open_ones = PasskeyQuestion.select(PasskeyQuestion.id).where(his).order_by(PasskeyQuestion.id.desc())
        older = [row.id for row in open_ones.offset(MOST_OPEN - 1)]
        PasskeyQuestion.delete().where(PasskeyQuestion.id.in_(older)).execute()
        PasskeyQuestion.create(digest=_digest_of(question), user=user, session=session, adds=adds, asked_at=at)
    return question


def take(question: bytes, user: User, session: str, *, adds: bool) -> bool:
    """Whether this was asked of the person in this session, lately and for this; it is not from now on, for all
    processes. A clock that was set back makes no question older."""
    this_one = (PasskeyQuestion.digest == _digest_of(question)) & (PasskeyQuestion.asked_at > now() - OPEN_FOR)
    his = (PasskeyQuestion.user == user) & (PasskeyQuestion.session == session) & (PasskeyQuestion.adds == adds)
    return bool(PasskeyQuestion.delete().where(this_one & his).execute())


def add(user: User, host: str, credential: bytes, key: bytes, *, count: int, name: str) -> Passkey | None:
    """Keep a new one; None if it is kept already, be it somebody else's, or if there are enough: many tabs may have
    begun while there were not."""
    if Passkey.select().where(Passkey.user == user).count() >= MOST:
        return None
    sealed = seal.ring().panel.close(_label(user.id, host, credential), key)
    columns = {"credential": credential, "sealed_key": sealed, "sign_count": count, "name": name, "added_at": now()}
    added = Passkey.insert(user=user, host=host, **columns).on_conflict_ignore()
    added.execute()
    row: Passkey | None = Passkey.get_or_none((Passkey.credential == credential) & (Passkey.sealed_key == sealed))
    return row


def public_key(row: Passkey) -> bytes:
    return seal.ring().panel.open(_label(row.user_id, row.host, bytes(row.credential)), row.sealed_key)


def note_signed(row: Passkey, count: int) -> bool:
    """Whether the device has counted on since the last time; one statement decides between two of the same count."""
    counts_on = (Passkey.sign_count < count) | ((Passkey.sign_count == 0) & (count == 0))
    signed = Passkey.update(sign_count=count, used_at=now()).where((Passkey.id == row.id) & counts_on)
    return bool(signed.execute())


def _digest_of(question: bytes) -> str:
    return hashlib.sha256(question).hexdigest()


def _label(user: int, host: str, credential: bytes) -> str:
    return f"passkey/{user}/{host}/{credential.hex()}"
