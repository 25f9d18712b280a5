"""Private names of Flask's extensions that the panel needs: here a new release fails first, and says what to mend."""

import inspect
from pathlib import Path

import flask_wtf.i18n
import pytest
from flask import Flask, session
from flask_admin import babel
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.local import LocalProxy

from admin.door import extensions
from admin.door.extensions import SessionOnly

pytestmark = pytest.mark.only("sqlite")

MENDED_IN = "{} has moved: see how the new release does this, and mend {} of admin/door/extensions.py alone."


class Clerk(UserMixin):
    id = "7"


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "toy"
    manager = SessionOnly(app)
    manager.user_loader(lambda key: Clerk())
    app.add_url_rule("/in", "in", lambda: str(login_user(Clerk(), remember=True)))
    app.add_url_rule("/who", "who", lambda: f"{'_user_id' in session}")
    return app


@pytest.mark.parametrize("name", ["_load_user_from_remember_cookie", "_update_remember_cookie"])
def test_flask_login_still_asks_what_we_answer(name: str) -> None:
    theirs = inspect.signature(getattr(LoginManager, name))
    assert list(theirs.parameters) == list(inspect.signature(getattr(SessionOnly, name)).parameters)
    asked = f"self.{name}" in inspect.getsource(inspect.getmodule(LoginManager))
    assert asked, MENDED_IN.format(f"LoginManager.{name}", "SessionOnly")


def test_no_user_is_remembered_beyond_the_session(app: Flask) -> None:
    visitor = app.test_client()
    visitor.get("/in")
    words = MENDED_IN.format("The remember-me cookie of Flask-Login", "SessionOnly")
    assert visitor.get_cookie("remember_token") is None, words
    assert visitor.get("/who").text == "True"
    stranger = app.test_client()
    stranger.set_cookie("remember_token", "7|forged")
    assert stranger.get("/who").text == "False", words


def test_the_rest_of_a_request_is_served_for_whom_we_say_and_the_cookie_knows_nothing_of_it(app: Flask) -> None:
    words = MENDED_IN.format("LoginManager._update_request_context_with_user", "serve_as")
    with app.test_request_context():
        assert not current_user.is_authenticated
        extensions.set_current_user(clerk := Clerk())
        assert extensions.get_current_user() is clerk, words
        assert dict(session) == {}


def test_the_current_user_is_given_as_an_object_not_as_a_proxy(app: Flask) -> None:
    with app.test_request_context():
        user = extensions.get_current_user()
        assert not isinstance(user, LocalProxy), MENDED_IN.format("LocalProxy._get_current_object", "get_current_user")
        assert not user.is_authenticated


@pytest.mark.parametrize("domain", [babel.domain, babel.wtforms_domain], ids=["flask-admin", "wtforms"])
def test_a_domain_looks_where_its_list_says(domain: babel.Domain, tmp_path: Path) -> None:
    folders = extensions.folders_of(domain)
    before = list(folders)
    domain.cache["id", "toy"] = None
    try:
        extensions.add_catalogues(domain, str(tmp_path))
        with Flask(__name__).app_context():
            assert domain.translation_directories[-1] == str(tmp_path), MENDED_IN.format("Domain", "folders_of")
        assert not domain.cache
    finally:
        folders[:] = before


def test_flask_wtf_asks_for_its_catalogues_by_the_name_that_we_replace() -> None:
    asked = "messages_path()," in inspect.getsource(flask_wtf.i18n)
    assert asked, MENDED_IN.format("flask_wtf.i18n.messages_path", "speak_from")
