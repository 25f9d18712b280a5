"""Checking a user's own password, setting a new one, and asking for a passkey in place of a code."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, request
from flask_admin.form import BaseForm
from wtforms import PasswordField, ValidationError
from wtforms.validators import EqualTo

from admin.door import sessions
from admin.door.gate import READS, costs
from admin.lists.inputs import Required
from admin.sign_in.signin import check_password, run_password_check
from models.case.attachments import record_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.sign_in import passkeys, sign_in_attempts
from models.sign_in.factor import accept, has_factor
from models.sign_in.passkeys import ChallengedUser, PanelName, Passkey, PasskeyOutcome, passkeys_of
from models.sign_in.password_links import drop_link
from models.sign_in.passwords import length_sentence, objection
from models.sign_in.session import end_outdated
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS, refuse_unless_full
from models.store.rowhash import record_hashes_before_change

NOT_BY_NAME = "alamatnya berupa angka, bukan nama"
NOT_SEALED = "tidak lewat https"
NOWHERE = "Kunci sandi hanya dapat dipakai bila panel dibuka lewat https dengan sebuah nama; di sini {}."
LOCAL = "localhost"  # browsers trust it without https


def place_here() -> PanelName | None:
    """Host and origin of the request; None where browsers do not allow passkeys."""
    host = _host()
    return None if objection_here() else PanelName(host, f"{request.scheme}://{request.host.lower()}")


def objection_here() -> str:
    """Why passkeys cannot be used at the address of the request; "" if they can."""
    host = _host()
    if host == LOCAL:
        return ""
    if _is_number(host):
        return NOWHERE.format(NOT_BY_NAME)
    return "" if request.is_secure else NOWHERE.format(NOT_SEALED)


def _host() -> str:
    return urlsplit(f"//{request.host}").hostname or ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


ANSWER = "kunci_sandi"  # the field with the browser's passkey answer
FACTOR = "Faktor kedua"
NO_QUESTION = "Halaman ini terlalu lama terbuka, atau tidak ada kunci sandi yang dapat dipakai di sini. Muat ulang."
NO_ROOM = "Tempat penyimpanan server penuh, sehingga kunci sandi tidak dapat ditanyakan. Beri tahu pengelola sistem."
WRONG_PASSKEY = "Kunci sandi tidak cocok, atau jawabannya terlambat. Coba sekali lagi, atau ketik kode."
BEHIND = (
    "Kunci sandi {} ditolak: hitungannya mundur, tanda bahwa ia mungkin disalin. Ketik kode, lalu hapus kunci itu pada"
    " Akun saya dan beri tahu pengelola sistem."
)
DID_BEHIND = "ditolak dengan kunci sandi {}, yang hitungannya mundur"  # predicate in the history, after the name

page = Blueprint("passkey", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


def usable_passkeys(user: User) -> list[Passkey]:
    """The user's passkeys for the host of the request."""
    place = place_here()
    return passkeys_of(user, place.host) if place else []


def asked_here(user: User) -> ChallengedUser | None:
    """The passkey request for the user in this session; None if passkeys cannot be asked."""
    place, row = place_here(), sessions.passkey_session()
    return ChallengedUser(user, row.digest, place) if place and row and row.user_id == user.id else None


@page.route("/masuk/kunci", methods=("POST",), endpoint="ask")
@costs(READS)
def question() -> Any:
    """The passkey options for the page's script; only after the right password in this session."""
    row = sessions.passkey_session()
    return question_for(asked_here(row.user) if row else None)


def question_for(asked: ChallengedUser | None) -> Any:
    """The passkey options as JSON; 403 with a sentence if none can be used."""
    if asked is None or not usable_passkeys(asked.user):
        return {"sentence": NO_QUESTION}, 403
    try:
        return Response(passkeys.options_to_show(asked), mimetype="application/json")
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        return {"sentence": NO_ROOM}, 503


def passkey_objection(user: User, answer: str, asked: ChallengedUser | None = None) -> str:
    """Why the passkey answer is rejected, "" if it is right. `asked`: the request, by default that of the session. A
    signature counter that went back is recorded in the history."""
    asked = asked or asked_here(user)
    verdict = passkeys.judge_answer(asked, answer) if asked else passkeys.WRONG
    if verdict.outcome is PasskeyOutcome.RIGHT:
        return ""
    if verdict.outcome is PasskeyOutcome.WRONG or verdict.passkey is None:
        return WRONG_PASSKEY
    name = verdict.passkey.name
    record_edit(user, [FACTOR], by=viewer(user), what=DID_BEHIND.format(name))
    return BEHIND.format(name)


WRONG = "Kata sandi Anda tidak cocok."
CODE_WRONG = "Kode tidak cocok, sudah dipakai, atau sudah lewat waktunya. Tunggu kode berikutnya, lalu ketik."
CODE_WANTED = "Ketik juga kode dari aplikasi autentikator atau satu kode cadangan, atau pakai kunci sandi Anda."
PASSWORD = User.password_hash.verbose_name
SAME = EqualTo("password", message="Kedua isian kata sandi tidak sama.")
FRESH = {"autocomplete": "new-password"}


class NewPassword(BaseForm):
    """Mixin of forms that set the password of `person`."""

    person: User

    def validate_password(self, field: Any) -> None:
        if sentence := objection(field.data or "", self.person):
            raise ValidationError(sentence)


def own_objection(person: User, typed: str, *, code: str | None = None) -> str:
    """Why the user's own password is not accepted; "" if it is right. With `code`, even an empty one, a user who has a
    second factor needs that code or a passkey answer as well.

    Attempts count as at sign-in, and only password and second factor together reset the count.
    """
    if not typed:
        return WRONG  # an empty field is no attempt
    return run_password_check(lambda: _counted_objection(person, typed, code))


def _counted_objection(person: User, typed: str, code: str | None) -> str:
    name, address = person.username, request.remote_addr
    if seconds := sign_in_attempts.begin_try(name, address):
        return sign_in_attempts.wait_sentence(seconds)
    wrong = "" if check_password(person, typed) else WRONG
    if not wrong and code is not None and has_factor(person):
        if not code and not request.form.get(ANSWER):
            return CODE_WANTED  # neither a failure nor a success
        wrong = second_objection(person, code)
    if wrong:
        sign_in_attempts.record_failure(person, name, address)
        return wrong
    sign_in_attempts.forgive(name, address)
    return ""


def second_objection(person: User, code: str, asked: ChallengedUser | None = None) -> str:
    """Why the code or the submitted passkey answer is rejected; "" if it is right."""
    if answer := request.form.get(ANSWER):
        return passkey_objection(person, answer, asked)
    return "" if accept(person, code) else CODE_WRONG


def password_form(person: User, sent: Any, *, above: type = NewPassword, label: str = "Kata sandi baru") -> Any:
    """The form that sets a password; `above` is a form class whose fields are shown above."""
    help = f"{length_sentence(person)} Bukan nama, NIP, atau kata yang mudah ditebak."
    fields = {
        "person": person,
        "password": PasswordField(label, [Required()], description=help, render_kw=FRESH),
        "repeat": PasswordField(f"{label}, sekali lagi", [Required(), SAME], render_kw=FRESH),
    }
    return type("PasswordForm", (above,), fields)(sent)


def save_password(user: User, hashed: str, *, what: str) -> User:
    """Save a user's new password with a history entry; ends the user's sessions and drops a password link.

    Takes the hash, not the password: hashing is slow on purpose and must not run inside the transaction.
    """
    with database.atomic():
        row: User = User.get_by_id(user.id)
        record_hashes_before_change(User, [row.id])
        row.password_hash, row.version = hashed, row.version + 1
        row.save()
        drop_link(row)
        record_edit(row, [PASSWORD], by=viewer(row), what=what)
        end_outdated(row, by=row, at=now())
    return row
