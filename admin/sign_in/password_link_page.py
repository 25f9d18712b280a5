"""The page of a one-time link, where its holder sets the password of one account."""

from typing import Any

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request, session

from admin.door import sessions
from admin.door.gate import CHECKS_PASSWORD, READS, costs
from admin.sign_in.passwords import (
    ANSWER,
    CODE_WANTED,
    password_form,
    place_here,
    question_for,
    save_password,
    second_objection,
    usable_passkeys,
)
from admin.sign_in.signin import hash_password, run_password_check
from models.case.access_notes import log_link_used
from models.office.people import User
from models.sign_in import sign_in_attempts
from models.sign_in.factor import factor_of, has_factor
from models.sign_in.passkeys import ChallengedUser
from models.sign_in.password_links import LASTS, hash_of, holder_of, use_up
from models.store.base import database

ADDRESS = "/kata-sandi"
TOKEN, LINK = "kode", "password_link"  # in the address; key in the session, which has only its hash
CODE = "kode_faktor"  # the field of the second factor
GONE = (
    "Tautan ini tidak berlaku. Mungkin sudah dipakai, sudah diganti, atau lebih dari "
    f"{LASTS.total_seconds() / 3600:.0f} jam. Mintalah tautan baru kepada pengelola sistem."
)
DONE = "Kata sandi telah dibuat. Silakan masuk."
DEED = "membuat kata sandinya lewat tautan"  # predicate in the history, after the name

page = Blueprint("newpassword", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


@page.route(ADDRESS, methods=("GET", "POST"), endpoint="page")
@costs(CHECKS_PASSWORD)
def new_password() -> Any:
    """A link is moved into the session, so that its token is neither in the address bar nor in browser history."""
    if request.method == "GET" and (token := request.args.get(TOKEN)):
        session[LINK] = hash_of(token)
        return redirect(ADDRESS)
    person = holder_of(session.get(LINK, ""))
    if person is None:
        return _gone()
    form = password_form(person, request.form if request.method == "POST" else None, label="Kata sandi")
    if request.method == "GET":
        return _page(person, form)
    if not form.validate():
        return make_response(_page(person, form), 422)
    if wrong := run_password_check(lambda: _factor_objection(person)):
        return make_response(_page(person, form, wrong), 422)
    return _set(person, form.password.data)


@page.route(f"{ADDRESS}/kunci", methods=("POST",), endpoint="ask")
@costs(READS)
def question() -> Any:
    """The passkey options for the page's script."""
    person = holder_of(session.get(LINK, ""))
    return question_for(_asked(person) if person else None)


def _asked(person: User) -> ChallengedUser | None:
    """The passkey request for the holder of the link, bound to the link instead of a session."""
    place = place_here()
    return ChallengedUser(person, session[LINK], place) if place else None


def _factor_objection(person: User) -> str:
    """Why the second factor is not accepted; "" without one. It is required so that a link alone does not give access.
    Attempts count as at sign-in."""
    if not has_factor(person):
        return ""
    code = request.form.get(CODE, "")
    if not code and not request.form.get(ANSWER):
        return CODE_WANTED
    if seconds := sign_in_attempts.begin_try(person.username, request.remote_addr):
        return sign_in_attempts.wait_sentence(seconds)
    wrong = second_objection(person, code, _asked(person))
    if wrong:
        sign_in_attempts.record_failure(person, person.username, request.remote_addr)
    return wrong


def _set(person: User, password: str) -> Any:
    """Save the password and redirect to the sign-in, which asks for the second factor as well."""
    password_hash = hash_password(password)
    with database.atomic():
        link = use_up(person, session.get(LINK, ""))
        if link is None:
            return _gone()
        save_password(person, password_hash, what=DEED)
        log_link_used(link, address=request.remote_addr or "")
        sign_in_attempts.forgive(person.username, request.remote_addr)
    sessions.end_own_session()  # ends an earlier session of this browser, and drops the link
    flash(DONE, "success")
    return redirect("/masuk")


def _page(person: User, form: Any, wrong: str = "") -> str:
    return render_template(
        "admin/sign_in/new_password.html",
        person=person,
        form=form,
        address=ADDRESS,
        wrong=wrong,
        code=CODE if has_factor(person) else "",
        has_app=factor_of(person) is not None,
        passkeys=usable_passkeys(person),
    )


def _gone() -> Any:
    """404 with the same sentence for every invalid link, and without one."""
    session.pop(LINK, None)
    return make_response(render_template("admin/sign_in/new_password.html", gone=GONE), 404)
