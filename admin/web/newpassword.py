"""The page behind a one-time link: whoever holds it sets the password of one account, and sees nothing else."""

from typing import Any

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request, session

from admin.door import held
from admin.web.passwords import keep_password, password_form
from admin.web.signin import hash_password
from models.office.people import User
from models.password import tries
from models.password.link import LASTS, hash_of, holder_of, use_up
from models.store.base import database

ADDRESS = "/kata-sandi"
TOKEN, HELD = "kode", "password_link"  # in the address; in the session, where only its hash goes
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
    return _set(person, form.password.data)


def _set(person: User, password: str) -> Any:
    """Keep the password and lead to the sign-in, where a second factor would be asked for as well."""
    hashed = hash_password(password)
    with database.atomic():
        if not use_up(person, session.get(HELD, "")):
            return _gone()
        keep_password(person, hashed, what=DEED)
        tries.forgive(person.username, request.remote_addr)
    held.leave()  # whoever sat here before, and the link
    flash(DONE, "success")
    return redirect("/masuk")


def _page(person: User, form: Any) -> str:
    return render_template("admin/web/new_password.html", person=person, form=form, address=ADDRESS)


def _gone() -> Any:
    """The same sentence for every link that does not serve, and for who comes without one."""
    session.pop(HELD, None)
    return make_response(render_template("admin/web/new_password.html", gone=GONE), 404)
