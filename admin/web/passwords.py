"""A person's own new password: typed twice, judged by the rules, kept with its note in the history."""

from typing import Any

from flask import request
from flask_admin.form import BaseForm
from wtforms import PasswordField, ValidationError
from wtforms.validators import EqualTo

from admin.kit.fields import Required
from admin.passkey.asking import ANSWER, passkey_objection
from admin.web.signin import at_the_step, check_password
from models.case.attachments import note_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.sign_in import tries
from models.sign_in.factor import accept, has_factor
from models.sign_in.passkeys import AskedPerson
from models.sign_in.password_links import drop_link
from models.sign_in.passwords import length_sentence, objection
from models.sign_in.session import end_outdated
from models.store.base import database, now
from models.store.rowhash import rewrites

WRONG = "Kata sandi Anda tidak cocok."
CODE_WRONG = "Kode tidak cocok, sudah dipakai, atau sudah lewat waktunya. Tunggu kode berikutnya, lalu ketik."
CODE_WANTED = "Ketik juga kode dari aplikasi autentikator atau satu kode cadangan, atau pakai kunci sandi Anda."
PASSWORD = User.password_hash.verbose_name
SAME = EqualTo("password", message="Kedua isian kata sandi tidak sama.")
FRESH = {"autocomplete": "new-password"}


class NewPassword(BaseForm):
    """Mixin of forms that set a password; `person` is whose it will be."""

    person: User

    def validate_password(self, field: Any) -> None:
        if sentence := objection(field.data or "", self.person):
            raise ValidationError(sentence)


def own_password_objection(person: User, typed: str) -> str:
    """The sentence why this does not show that it is the person who sits there; "" if it does."""
    return own_objection(person, typed)


def own_objection(person: User, typed: str, *, code: str | None = None) -> str:
    """The same with a `code` beside the password, or a passkey's answer, where the person has a second factor.

    An open desk is no place to guess at: tries count as at the sign-in, and both must be right before one is forgiven.
    """
    if not typed:
        return WRONG  # nobody has guessed
    return at_the_step(lambda: _counted_objection(person, typed, code))


def _counted_objection(person: User, typed: str, code: str | None) -> str:
    name, address = person.username, request.remote_addr
    if seconds := tries.begin_try(name, address):
        return tries.wait_sentence(seconds)
    wrong = "" if check_password(person, typed) else WRONG
    if not wrong and code is not None and has_factor(person):
        if not code and not request.form.get(ANSWER):
            return CODE_WANTED  # he has not failed, and nothing is forgiven yet
        wrong = second_objection(person, code)
    if wrong:
        tries.note_failure(person, name, address)
        return wrong
    tries.forgive(name, address)
    return ""


def second_objection(person: User, code: str, asked: AskedPerson | None = None) -> str:
    """Why neither this code nor the passkey's answer that came along is the person's second factor; "" if one is."""
    if answer := request.form.get(ANSWER):
        return passkey_objection(person, answer, asked)
    return "" if accept(person, code) else CODE_WRONG


def password_form(person: User, sent: Any, *, above: type = NewPassword, label: str = "Kata sandi baru") -> Any:
    """The form in which a person sets a password; `above` may ask for more, which then stands above."""
    help = f"{length_sentence(person)} Bukan nama, NIP, atau kata yang mudah ditebak."
    fields = {
        "person": person,
        "password": PasswordField(label, [Required()], description=help, render_kw=FRESH),
        "repeat": PasswordField(f"{label}, sekali lagi", [Required(), SAME], render_kw=FRESH),
    }
    return type("PasswordForm", (above,), fields)(sent)


def keep_password(user: User, hashed: str, *, what: str) -> User:
    """Keep a person's new password, noted in the history. It ends his sessions, and a link for another one.

    It was hashed before the transaction: hashing is slow on purpose, and must not hold the database's lock.
    """
    with database.atomic():
        row: User = User.get_by_id(user.id)
        rewrites(User, [row.id])
        row.password_hash, row.version = hashed, row.version + 1
        row.save()
        drop_link(row)
        note_edit(row, [PASSWORD], by=viewer(row), what=what)
        end_outdated(row, by=row, at=now())
    return row
