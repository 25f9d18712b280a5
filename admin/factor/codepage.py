"""The second page of the sign-in: the code, asked for once the password was right."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request

from admin.door import held
from admin.web import signin
from admin.web.passwords import CODE_WRONG
from models.factor.factor import accept
from models.office.people import User
from models.password import tries
from models.store.outage import DATABASE_ERRORS, refuse_unless_full

CODE = "kode"

page = Blueprint("signin_code", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


@page.route("/masuk/kode", methods=("GET", "POST"), endpoint="page")
def typed_code() -> Any:
    """Whoever comes without a right password, or too long after it, begins anew."""
    row = held.half_open()
    if row is None:
        return redirect("/masuk")
    if request.method == "GET":
        return _page()
    try:
        return _let_in(row.user, request.form.get(CODE, ""))
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)  # that a code has been used must be kept, or it opens twice
        return _page(signin.NO_ROOM), 503, {"Retry-After": str(signin.SOON)}


def _let_in(user: User, typed: str) -> Any:
    if seconds := tries.begin_try(user.username, request.remote_addr):
        return _page(tries.wait_sentence(seconds)), 429, {"Retry-After": str(seconds)}
    if not accept(user, typed):
        tries.note_failure(user, user.username, request.remote_addr)
        return _page(CODE_WRONG)
    return signin.admit(user)


def code_objection(user: User, typed: str) -> str:
    """Why this code does not show that it is the person who sits there; "" if it does. Counted as at the sign-in.
    A password of twelve digits, which is refused today, may have been chosen once."""
    if seconds := tries.begin_try(user.username, request.remote_addr):
        return tries.wait_sentence(seconds)
    if not accept(user, typed) and not signin.check_password(user, typed):
        tries.note_failure(user, user.username, request.remote_addr)
        return CODE_WRONG
    tries.forgive(user.username, request.remote_addr)
    return ""


def _page(wrong: str = "") -> str:
    return render_template("admin/factor/code.html", goal=signin.address_after_sign_in(), wrong=wrong, code=CODE)
