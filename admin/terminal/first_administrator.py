"""The first administrator: `first-link` prints a link, and the page behind it."""

from pathlib import Path
from typing import Any

import click
from flask import Blueprint, Flask, current_app, make_response, redirect, render_template, request, session
from flask.cli import with_appcontext
from wtforms import StringField
from wtforms.validators import Length

from admin.door.gate import CHECKS_PASSWORD, costs
from admin.door.terminal import command
from admin.lists.inputs import Required
from admin.office.users import UserForm
from admin.sign_in.password_link_page import TOKEN
from admin.sign_in.passwords import NewPassword, password_form
from admin.sign_in.signin import admit, hash_password, restriction_of, run_password_check
from admin.terminal.commands import enter, show_link
from models.office.people import User
from models.sign_in import sign_in_attempts
from models.sign_in.password_links import LASTS, hash_of, is_first_link, make_first_link, using_first_link
from models.store.base import database
from sop.access import ADMIN

ADDRESS = "/pengelola-pertama"
LINK = "first_link"  # key in the session, which has only the hash
TRIED = "(pengelola pertama)"  # name under which wrong links are counted; no valid user name
NAME, USERNAME = User.name, User.username
GONE = (
    "Tautan ini tidak berlaku. Mungkin sudah diganti, atau lebih dari "
    f"{LASTS.total_seconds() / 3600:.0f} jam. Yang memasang panel dapat mencetak tautan baru di server; lihat panduan "
    "pemasangan."
)
ENTERED = "Pengelola pertama sudah terdaftar; tautan ini tidak dipakai lagi. Masuk dengan nama dan kata sandinya."

page = Blueprint("first", __name__)


class FirstPerson(NewPassword):
    """The form of the first administrator; the two password fields follow below."""

    name = StringField(
        NAME.verbose_name,
        [Required(), Length(max=NAME.max_length)],
        description="Seperti akan tercetak di panel, dengan gelarnya.",
        render_kw={"autocomplete": "name"},
    )
    username = StringField(
        USERNAME.verbose_name,
        [Required()],
        description="Untuk masuk: huruf kecil, angka, titik, garis. Tidak dapat diubah kemudian.",
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    validate_username = UserForm.validate_username


@page.route(ADDRESS, methods=("GET", "POST"), endpoint="page")
@costs(CHECKS_PASSWORD)
def first_person() -> Any:
    """A link is moved into the session, so that its token is neither in the address bar nor in browser history."""
    if User.select().exists():
        return _refused(ENTERED)
    if request.method == "GET" and (token := request.args.get(TOKEN)):
        wrong = run_password_check(lambda: _link_objection(hash_of(token)))
        return _refused(wrong) if wrong else redirect(ADDRESS)
    if not is_first_link(_var(), session.get(LINK, "")):
        return _refused(GONE)
    sent = request.form if request.method == "POST" else None
    person = User(role=ADMIN, **{name: request.form.get(name, "").strip() for name in ("name", "username")})
    form = password_form(person, sent, above=FirstPerson, label="Kata sandi")
    if request.method == "GET":
        return _page(form)
    return _enter(person, form) if form.validate() else make_response(_page(form), 422)


def _link_objection(token_hash: str) -> str:
    """Why the link is not accepted; attempts count as at sign-in."""
    if seconds := sign_in_attempts.begin_try(TRIED, request.remote_addr):
        return sign_in_attempts.wait_sentence(seconds)
    if not is_first_link(_var(), token_hash):
        sign_in_attempts.record_failure(None, TRIED, request.remote_addr)
        return GONE
    sign_in_attempts.forgive(TRIED, request.remote_addr)
    session[LINK] = token_hash
    return ""


def _enter(person: User, form: Any) -> Any:
    """Save master data, user and the first history entry in one transaction, and sign in."""
    person.name, person.username = form.name.data.strip(), form.username.data
    person.password_hash = hash_password(form.password.data)
    with using_first_link(_var(), session.get(LINK, "")) as is_valid, database.atomic():
        if User.select().exists():
            return _refused(ENTERED)
        if not is_valid:
            return _refused(GONE)
        enter(person)
    session.pop(LINK, None)
    return admit(person, confined=restriction_of(person, form.password.data))


def _var() -> Path:
    return Path(current_app.config["VAR_DIR"])


def _page(form: Any) -> str:
    return render_template("admin/terminal/first.html", form=form, address=ADDRESS)


def _refused(sentence: str) -> Any:
    """The page for an invalid or missing link, and for too many attempts."""
    if sentence == ENTERED or not is_first_link(_var(), session.get(LINK, "")):
        session.pop(LINK, None)  # a valid link in this session survives a request with a wrong one
    answer = render_template("admin/terminal/first.html", wrong=sentence, entered=sentence == ENTERED)
    return make_response(answer, 404 if sentence in (GONE, ENTERED) else 429)


SENTENCE = "Tautan untuk pengelola sistem pertama"
THERE = "Panel ini sudah mempunyai pengguna. Masuk seperti biasa; tautan pengelola pertama tidak ada lagi."


def install(app: Flask) -> None:
    """Register the command and the page."""
    app.cli.add_command(first_link)
    app.register_blueprint(page)


@command("first-link", "Mencetak tautan bagi pengelola sistem yang pertama.")
@with_appcontext
def first_link() -> None:
    """Print a one-time link with which the first administrator registers; none if there are users."""
    with database.connection_context():
        if User.select().exists():
            click.echo(THERE)
            return
    show_link(ADDRESS, make_first_link(Path(current_app.config["VAR_DIR"])), SENTENCE)
