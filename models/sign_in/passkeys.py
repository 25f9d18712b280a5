"""Passkeys as rows, and what browser and panel say to each other (WebAuthn), judged by the library of that name.

The library is a tenth of a second and seven megabytes that only who uses a passkey waits for: it is brought in then.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

import peewee as pw

from models.office.people import User
from models.store import seal
from models.store.base import Model, Moment, database, now
from models.store.seal import BrokenSeal

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


OFFICE = "Panel Pengaduan"
ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256: what devices of today sign with
LONGEST_CREDENTIAL, LONGEST_KEY = 1023, 1024  # bytes
LONGEST_PROMPT = 120_000  # milliseconds for which a browser asks
LONGEST_ANSWER = 16_384  # characters; devices say a tenth of it, and a megabyte of numbers is read for minutes


@dataclass(frozen=True)
class PanelName:
    """By which name the panel was reached, and what a browser calls that; where the two differ nothing is right."""

    host: str
    origin: str


@dataclass(frozen=True)
class AskedPerson:
    """Who is asked, in which session, and where."""

    user: User
    session: str
    place: PanelName


class PasskeyOutcome(Enum):
    """What an answer shows."""

    RIGHT = "right"
    WRONG = "wrong"
    BEHIND = "behind"  # the device counts back: there may be two of it


@dataclass(frozen=True)
class Judgement:
    """The outcome, and the passkey that it is about where there is one."""

    outcome: PasskeyOutcome
    passkey: Passkey | None = None


WRONG = Judgement(PasskeyOutcome.WRONG)


def options_to_add(asked: AskedPerson) -> str:
    """What the browser is told to make a new passkey: bound to the person by a mark that tells nobody who it is, of
    who unlocks the device, without a certificate of its maker. It need not list itself: a password comes first."""
    import webauthn
    from webauthn.helpers import structs
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    user, place = asked.user, asked.place
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=OFFICE,
        user_id=_mark(user),
        user_name=user.username,
        user_display_name=user.name,
        challenge=ask(user, asked.session, adds=True),
        timeout=LONGEST_PROMPT,
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(asked),
        supported_pub_key_algs=[COSEAlgorithmIdentifier(number) for number in ALGORITHMS],
    )
    return webauthn.options_to_json(options)


def options_to_show(asked: AskedPerson) -> str:
    """What the browser is told to ask one of the person's passkeys."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=asked.place.host,
        challenge=ask(asked.user, asked.session, adds=False),
        timeout=LONGEST_PROMPT,
        allow_credentials=_descriptors(asked),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def _descriptors(asked: AskedPerson) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    rows = passkeys_of(asked.user, asked.place.host)
    return [PublicKeyCredentialDescriptor(id=bytes(row.credential)) for row in rows]


def keep_answer(asked: AskedPerson, answer: str, *, name: str) -> Passkey | None:
    """The new passkey that the browser answered with; None if it is not what was asked for."""
    question = _question_in(answer)
    made = _verified_new(asked.place, answer, question) if question else None
    with database.atomic():
        if not question or not take(question, asked.user, asked.session, adds=True) or made is None:
            return None
        credential, key, count = made
        return add(asked.user, asked.place.host, credential, key, count=count, name=name)


def _verified_new(place: PanelName, answer: str, question: bytes) -> tuple[bytes, bytes, int] | None:
    """Its credential, public key and count. What the library stumbles over, in whatever way, is refused."""
    import webauthn
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=question,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(number) for number in ALGORITHMS],
        )
    except Exception:
        return None
    credential, key = made.credential_id, made.credential_public_key
    if len(credential) > LONGEST_CREDENTIAL or len(key) > LONGEST_KEY:
        return None
    return credential, key, made.sign_count


def judge_answer(asked: AskedPerson, answer: str) -> Judgement:
    """Whether one of the person's passkeys has signed what this session was asked; right or not, the question is used
    up."""
    question, rows = _question_in(answer), passkeys_of(asked.user, asked.place.host)
    row = next((row for row in rows if bytes(row.credential) == _credential_in(answer)), None)
    count = _verified_count(row, asked, answer, question) if row and question else None
    with database.atomic():
        if not question or not take(question, asked.user, asked.session, adds=False):
            return WRONG
        if row is None or count is None:
            return WRONG
        return Judgement(PasskeyOutcome.RIGHT if note_signed(row, count) else PasskeyOutcome.BEHIND, row)


def _verified_count(row: Passkey, asked: AskedPerson, answer: str, question: bytes) -> int | None:
    """How often the device says that it has signed, None if it has not signed this. Whether it counts on is decided by
    the statement that writes it down: the library is told that it has never signed."""
    import webauthn

    try:
        signed = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=question,
            expected_rp_id=asked.place.host,
            expected_origin=asked.place.origin,
            credential_public_key=public_key(row),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except BrokenSeal:
        raise  # not of the person's doing: somebody has changed the table
    except Exception:
        return None
    return signed.new_sign_count


def _question_in(answer: str) -> bytes | None:
    """The question that the browser says it has answered. Of a page that stands within another one, none, nor of an
    answer that is too long to be one: whatever is read of it later is as short."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        said = json.loads(_bytes_of(json.loads(answer)["response"]["clientDataJSON"]))
        return None if said.get("crossOrigin") else _bytes_of(said["challenge"])
    except Exception:
        return None


def _credential_in(answer: str) -> bytes:
    try:
        return _bytes_of(json.loads(answer)["rawId"])
    except Exception:
        return b""


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _mark(user: User) -> bytes:
    return seal.ring().mark("passkey", str(user.id))
