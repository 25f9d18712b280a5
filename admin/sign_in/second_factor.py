"""The second page of the sign-in, and the proof asked for before signing."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request
from werkzeug.datastructures import ImmutableMultiDict

from admin.door import sessions
from admin.door.gate import READS, allow_work, costs
from admin.door.rows import signed_in
from admin.sign_in import signin
from admin.sign_in.locked import EMPTY, PASSWORD, TYPED, proof_page
from admin.sign_in.passwords import ANSWER, own_objection, second_objection, usable_passkeys
from models.complaint.scope import viewer
from models.office.people import User
from models.office.settings import PROOF
from models.sign_in import sign_in_attempts
from models.sign_in.factor import factor_of, looks_like_code
from models.sign_in.passkeys import passkeys_of
from models.sign_in.passwords import has_second_factor
from models.store.outage import DATABASE_ERRORS, refuse_unless_full
from models.store.resource_limits import Work
from sop.flow import signs
from sop.procedure import Transition

CODE = "kode"

page = Blueprint("signin_code", __name__)


def install_code_page(app: Flask) -> None:
    app.register_blueprint(page)


@page.route("/masuk/kode", methods=("GET", "POST"), endpoint="page")
@costs(READS)
def typed_code() -> Any:
    """Without a recent right password the sign-in starts again."""
    row = sessions.half_open()
    if row is None:
        return redirect("/masuk")
    if request.method == "GET":
        return _page(row.user)
    try:
        return _let_in(row.user, request.form.get(CODE, ""))
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)  # a used code must be stored, or it could be used twice
        return _page(row.user, signin.NO_ROOM), 503, {"Retry-After": str(signin.SOON)}


def _let_in(user: User, typed: str) -> Any:
    if seconds := sign_in_attempts.begin_try(user.username, request.remote_addr):
        return _page(user, sign_in_attempts.wait_sentence(seconds)), 429, {"Retry-After": str(seconds)}
    if wrong := second_objection(user, typed):
        sign_in_attempts.record_failure(user, user.username, request.remote_addr)
        return _page(user, wrong)
    return signin.admit(user)


def second_factor_objection(user: User, typed: str) -> str:
    """Why the code or passkey answer is rejected; "" if it is right. Attempts count as at sign-in. The password is
    tried as well: an old one may be of twelve digits, like a code."""
    return signin.run_password_check(lambda: _counted_objection(user, typed))


def _counted_objection(user: User, typed: str) -> str:
    if seconds := sign_in_attempts.begin_try(user.username, request.remote_addr):
        return sign_in_attempts.wait_sentence(seconds)
    wrong = second_objection(user, typed)
    if wrong and not (typed and signin.check_password(user, typed)):
        sign_in_attempts.record_failure(user, user.username, request.remote_addr)
        return wrong
    sign_in_attempts.forgive(user.username, request.remote_addr)
    return ""


def _page(user: User, wrong: str = "") -> str:
    return render_template(
        "admin/sign_in/code.html",
        goal=signin.address_after_sign_in(),
        wrong=wrong,
        code=CODE,
        has_app=factor_of(user) is not None,
        passkeys=usable_passkeys(user),
        elsewhere=sorted({row.host for row in passkeys_of(user)}),
    )


class Unproven(Exception):
    """The user must prove the identity first; the message is why the input was rejected, "" before any input."""


def install_proof(app: Flask) -> None:
    app.register_error_handler(Unproven, _asked)


def _asked(unproven: Unproven) -> Any:
    return proof_page(signed_in(), str(unproven), minutes=_proof_minutes(), with_code=has_second_factor(signed_in()))


def require_proof(act: Transition) -> None:
    """`require_proof_to_sign` if the act signs a paper."""
    if signs(act):
        require_proof_to_sign()


def require_proof_to_sign() -> None:
    """Raise Unproven unless the user proved the identity recently or with this request."""
    if not (minutes := _proof_minutes()) or sessions.is_reauthenticated(timedelta(minutes=minutes)):
        return
    if PASSWORD not in request.form:
        raise Unproven("")
    person, typed, by_passkey = signed_in(), request.form[PASSWORD], bool(request.form.get(ANSWER))
    if not typed and not by_passkey:
        raise Unproven(EMPTY)
    by_code = by_passkey or (looks_like_code(typed) and has_second_factor(person))  # one field for password and code
    allow_work(Work.HASH)
    objection = second_factor_objection if by_code else own_objection
    if sentence := objection(person, typed):
        raise Unproven(sentence)
    sessions.record_reauthentication()
    request.form = ImmutableMultiDict(item for item in request.form.items(multi=True) if item[0] not in TYPED)


def _proof_minutes() -> int:
    """Minutes that a proof is valid; 0 if the office has switched this off."""
    return int(viewer(signed_in()).settings[PROOF])
