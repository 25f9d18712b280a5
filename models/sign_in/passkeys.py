"""Passkeys as rows, and their WebAuthn challenges and responses, verified by the `webauthn` library.

The library takes 0.1 s and 7 MB to import, so it is imported on first use.
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

MOST = 10  # passkeys of a user
LONGEST_NAME = 60
QUESTION_BYTES = 32
OPEN_FOR = timedelta(minutes=5)  # from the challenge to the response
MOST_OPEN = 10  # challenges of a session; with more tabs the oldest is dropped


class Passkey(Model):
    """A credential: the public key of a device's key pair, for one host name of the panel."""

    in_digest = False

    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="passkeys")
    host = pw.CharField(max_length=253)
    credential = pw.BlobField(unique=True)
    sealed_key = pw.BlobField()  # not secret: sealed so that a key inserted into the table from outside is not accepted
    sign_count = pw.BigIntegerField()  # signature counter of the device; many always report 0
    name = pw.CharField(max_length=LONGEST_NAME)
    added_at = Moment(default=now)
    used_at = Moment(null=True)


class PasskeyQuestion(Model):
    """A challenge to one session: its response is checked once, within OPEN_FOR."""

    in_digest = False
    survives_restore = False

    digest = pw.CharField(max_length=64, unique=True)
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="passkey_questions")
    session = pw.CharField(max_length=64)  # the digest of the session
    adds = pw.BooleanField()  # for adding a passkey, after the password was typed
    asked_at = Moment(default=now, index=True)


def passkeys_of(user: User, host: str | None = None) -> list[Passkey]:
    """The user's passkeys, oldest first; with `host` only those for this host name."""
    of_host = True if host is None else Passkey.host == host
    return list(Passkey.select().where((Passkey.user == user) & of_host).order_by(Passkey.id))


def ask(user: User, session: str, *, adds: bool) -> bytes:
    """Create a challenge. Expired ones of all users are deleted; above MOST_OPEN only the session's own: an attacker
    who knows the password asks in another session and must not drop the challenge that the user is answering."""
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
    """Consume the challenge; whether it was made for this user, session and purpose and has not expired. Atomic among
    processes. A clock that was set back expires no challenge."""
    this_one = (PasskeyQuestion.digest == _digest_of(question)) & (PasskeyQuestion.asked_at > now() - OPEN_FOR)
    his = (PasskeyQuestion.user == user) & (PasskeyQuestion.session == session) & (PasskeyQuestion.adds == adds)
    return bool(PasskeyQuestion.delete().where(this_one & his).execute())


def add(user: User, host: str, credential: bytes, key: bytes, *, count: int, name: str) -> Passkey | None:
    """Store a new passkey; None if the credential is stored already, for any user, or the user has MOST: several tabs
    may have started below the limit."""
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


def store_sign_count(row: Passkey, count: int) -> bool:
    """Store the signature counter; whether it has increased. A single UPDATE, so that a count is accepted once."""
    counts_on = (Passkey.sign_count < count) | ((Passkey.sign_count == 0) & (count == 0))
    signed = Passkey.update(sign_count=count, used_at=now()).where((Passkey.id == row.id) & counts_on)
    return bool(signed.execute())


def _digest_of(question: bytes) -> str:
    return hashlib.sha256(question).hexdigest()


def _label(user: int, host: str, credential: bytes) -> str:
    return f"passkey/{user}/{host}/{credential.hex()}"


OFFICE = "Panel Pengaduan"
ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256
LONGEST_CREDENTIAL, LONGEST_KEY = 1023, 1024  # bytes
LONGEST_PROMPT = 120_000  # milliseconds, timeout of the browser's dialog
LONGEST_ANSWER = 16_384  # characters; usual are 1600, and parsing a megabyte of CBOR numbers takes minutes


@dataclass(frozen=True)
class PanelName:
    """The host name of the request and the expected origin; a response for another one is wrong."""

    host: str
    origin: str


@dataclass(frozen=True)
class ChallengedUser:
    """The user, session and host of a challenge."""

    user: User
    session: str
    place: PanelName


class PasskeyOutcome(Enum):
    """The result of checking a response."""

    RIGHT = "right"
    WRONG = "wrong"
    BEHIND = "behind"  # the counter went back: the device may have been cloned


@dataclass(frozen=True)
class Judgement:
    """The outcome, and the passkey if known."""

    outcome: PasskeyOutcome
    passkey: Passkey | None = None


WRONG = Judgement(PasskeyOutcome.WRONG)


def options_to_add(asked: ChallengedUser) -> str:
    """The JSON options for creating a passkey: with an opaque user id, user verification and no attestation. It need
    not be discoverable, since the password is asked first."""
    import webauthn
    from webauthn.helpers import structs
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    user, place = asked.user, asked.place
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=OFFICE,
        user_id=seal.ring().mark("passkey", str(user.id)),
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


def options_to_show(asked: ChallengedUser) -> str:
    """The JSON options for signing with one of the user's passkeys."""
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


def _descriptors(asked: ChallengedUser) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    rows = passkeys_of(asked.user, asked.place.host)
    return [PublicKeyCredentialDescriptor(id=bytes(row.credential)) for row in rows]


def keep_answer(asked: ChallengedUser, answer: str, *, name: str) -> Passkey | None:
    """Verify the response and store the new passkey; None if the response is not valid for an open challenge."""
    question = _question_in(answer)
    made = _verified_new(asked.place, answer, question) if question else None
    with database.atomic():
        if not question or not take(question, asked.user, asked.session, adds=True) or made is None:
            return None
        credential, key, count = made
        return add(asked.user, asked.place.host, credential, key, count=count, name=name)


def _verified_new(place: PanelName, answer: str, question: bytes) -> tuple[bytes, bytes, int] | None:
    """Credential id, public key and signature counter; None if the library raises anything."""
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


def judge_answer(asked: ChallengedUser, answer: str) -> Judgement:
    """Check a response to a challenge of this session by one of the user's passkeys; the challenge is consumed even if
    it is wrong."""
    question, rows = _question_in(answer), passkeys_of(asked.user, asked.place.host)
    row = next((row for row in rows if bytes(row.credential) == _credential_in(answer)), None)
    count = _verified_count(row, asked, answer, question) if row and question else None
    with database.atomic():
        if not question or not take(question, asked.user, asked.session, adds=False):
            return WRONG
        if row is None or count is None:
            return WRONG
        return Judgement(PasskeyOutcome.RIGHT if store_sign_count(row, count) else PasskeyOutcome.BEHIND, row)


def _verified_count(row: Passkey, asked: ChallengedUser, answer: str, question: bytes) -> int | None:
    """The signature counter in the response, None if the signature is invalid. The library compares with 0, since the
    increase is checked by the UPDATE of `store_sign_count`."""
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
        raise  # not the user's fault: the table was changed from outside
    except Exception:
        return None
    return signed.new_sign_count


def _question_in(answer: str) -> bytes | None:
    """The challenge in the response. None for a cross-origin frame and for a response of more than LONGEST_ANSWER,
    which also limits what is parsed later."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        client_data = json.loads(_bytes_of(json.loads(answer)["response"]["clientDataJSON"]))
        return None if client_data.get("crossOrigin") else _bytes_of(client_data["challenge"])
    except Exception:
        return None


def _credential_in(answer: str) -> bytes:
    try:
        return _bytes_of(json.loads(answer)["rawId"])
    except Exception:
        return b""


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
