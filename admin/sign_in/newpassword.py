"""The page behind a one-time link: whoever holds it sets the password of one account, and sees nothing else."""

from typing import Any

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request, session

from admin.door import sessions
from admin.door.gate import CHECKS_PASSWORD, READS, costs
from admin.sign_in.passwords import (
    ANSWER,
    CODE_WANTED,
    keep_password,
    password_form,
    place_here,
    question_for,
    second_objection,
    usable_passkeys,
)
from admin.sign_in.signin import at_the_step, hash_password
from models.case.access_notes import note_link_used
from models.office.people import User
from models.sign_in import tries
from models.sign_in.factor import factor_of, has_factor
from models.sign_in.passkeys import AskedPerson
from models.sign_in.password_links import LASTS, hash_of, holder_of, use_up
from models.store.base import database

ADDRESS = "/kata-sandi"
TOKEN, HELD = "kode", "password_link"  # in the address; in the session, where only its hash goes
CODE = "kode_faktor"  # the field of the second factor
GONE = (
    "Tautan ini tidak berlaku. Mungkin sudah dipakai, sudah diganti, atau lebih dari "
    f"{LASTS.total_seconds() / 3600:.0f} jam. Mintalah tautan baru kepada pengelola sistem."
)
DONE = "Kata sandi telah dibuat. Silakan masuk."
DEED = "membuat kata sandinya lewat tautan"  # as the history says it, after the name

page = Blueprint("newpassword", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


@page.route(ADDRESS, methods=("GET", "POST"), endpoint="page")
@costs(CHECKS_PASSWORD)
def new_password() -> Any:
    """A link is put aside at once, so that it stands neither in the address bar nor among the pages visited."""
    if request.method == "GET" and (token := request.args.get(TOKEN)):
        session[HELD] = hash_of(token)
        return redirect(ADDRESS)
    person = holder_of(session.get(HELD, ""))
    if person is None:
        return _gone()
    form = password_form(person, request.form if request.method == "POST" else None, label="Kata sandi")
    if request.method == "GET":
        return _page(person, form)
    if not form.validate():
        return make_response(_page(person, form), 422)
    if wrong := at_the_step(lambda: _factor_objection(person)):
        return make_response(_page(person, form, wrong), 422)
    return _set(person, form.password.data)


@page.route(f"{ADDRESS}/kunci", methods=("POST",), endpoint="ask")
@costs(READS)
def question() -> Any:
    """What the script of the page hands to the browser of whoever holds the link."""
    person = holder_of(session.get(HELD, ""))
    return question_for(_asked(person) if person else None)


def _asked(person: User) -> AskedPerson | None:
    """Who holds the link has no session yet: a passkey is asked under the link itself."""
    place = place_here()
    return AskedPerson(person, session[HELD], place) if place else None


def _factor_objection(person: User) -> str:
    """Whoever has a second factor shows it before the password is set, so that no link alone lets anybody in. Tries
    count as at the sign-in."""
    if not has_factor(person):
        return ""
    code = request.form.get(CODE, "")
    if not code and not request.form.get(ANSWER):
        return CODE_WANTED
    if seconds := tries.begin_try(person.username, request.remote_addr):
        return tries.wait_sentence(seconds)
    wrong = second_objection(person, code, _asked(person))
    if wrong:
        tries.note_failure(person, person.username, request.remote_addr)
    return wrong


def _set(person: User, password: str) -> Any:
    """Keep the password and lead to the sign-in, where a second factor is asked for as well."""
    hashed = hash_password(password)
    with database.atomic():
        link = use_up(person, session.get(HELD, ""))
        if link is None:
            return _gone()
        keep_password(person, hashed, what=DEED)
        note_link_used(link, address=request.remote_addr or "")
        tries.forgive(person.username, request.remote_addr)
    sessions.leave()  # whoever sat here before, and the link
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
    """The same sentence for every link that does not serve, and for who comes without one."""
    session.pop(HELD, None)
    return make_response(render_template("admin/sign_in/new_password.html", gone=GONE), 404)
