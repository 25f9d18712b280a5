"""The second page of the sign-in: a code or a passkey, asked for once the password was right."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request

from admin.door import held
from admin.door.cost import READS, costs
from admin.passkey.asking import usable_passkeys
from admin.web import signin
from admin.web.passwords import second_objection
from models.office.people import User
from models.sign_in import tries
from models.sign_in.factor import factor_of
from models.sign_in.passkeys import passkeys_of
from models.store.outage import DATABASE_ERRORS, refuse_unless_full

CODE = "kode"

page = Blueprint("signin_code", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


@page.route("/masuk/kode", methods=("GET", "POST"), endpoint="page")
@costs(READS)
def typed_code() -> Any:
    """Whoever comes without a right password, or too long after it, begins anew."""
    row = held.half_open()
    if row is None:
        return redirect("/masuk")
    if request.method == "GET":
        return _page(row.user)
    try:
        return _let_in(row.user, request.form.get(CODE, ""))
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)  # that a code has been used must be kept, or it opens twice
        return _page(row.user, signin.NO_ROOM), 503, {"Retry-After": str(signin.SOON)}


def _let_in(user: User, typed: str) -> Any:
    if seconds := tries.begin_try(user.username, request.remote_addr):
        return _page(user, tries.wait_sentence(seconds)), 429, {"Retry-After": str(seconds)}
    if wrong := second_objection(user, typed):
        tries.note_failure(user, user.username, request.remote_addr)
        return _page(user, wrong)
    return signin.admit(user)


def code_objection(user: User, typed: str) -> str:
    """Why neither this code nor a passkey that came along shows that it is the person who sits there; "" if one does.
    Counted as at the sign-in. A password of twelve digits, which is refused today, may have been chosen once."""
    return signin.at_the_step(lambda: _counted_objection(user, typed))


def _counted_objection(user: User, typed: str) -> str:
    if seconds := tries.begin_try(user.username, request.remote_addr):
        return tries.wait_sentence(seconds)
    wrong = second_objection(user, typed)
    if wrong and not (typed and signin.check_password(user, typed)):
        tries.note_failure(user, user.username, request.remote_addr)
        return wrong
    tries.forgive(user.username, request.remote_addr)
    return ""


def _page(user: User, wrong: str = "") -> str:
    return render_template(
        "admin/factor/code.html",
        goal=signin.address_after_sign_in(),
        wrong=wrong,
        code=CODE,
        has_app=factor_of(user) is not None,
        passkeys=usable_passkeys(user),
        elsewhere=sorted({row.host for row in passkeys_of(user)}),
    )
