"""A visitor of the panel: a test client that signs in, sends the page's token along, and reads pages as text."""

import re
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from admin.server.rate_limits import reset_rooms
from app import create_app, move_in
from models.store.base import database
from tests.admin import sending
from tests.office import PASSWORD, owner_url_of, url_of

opened: list[Any] = []  # the databases that panels of the running test have opened
SIGN_IN, SIGN_OUT = "/masuk", "/keluar"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def panel_on(path: Path, **config: Any) -> Flask:
    """A whole panel of one's own on a database file."""
    app = create_app({**_where(path), **config})
    opened.append(database.obj)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    sending.watch(app)
    return app


def _where(path: Path) -> dict[str, Any]:
    return {
        "VAR_DIR": path.parent,
        "DATABASE_URL": url_of(path),
        "DATABASE_OWNER_URL": owner_url_of(path),
        "SECRET_KEY": "for tests only",
    }


_shared: list[tuple[Flask, dict[str, Any]]] = []


def shared_panel_on(path: Path) -> Flask:
    """The panel that tests share, moved to a database file: to build one takes as long as many a test."""
    if not _shared:
        app = panel_on(path)
        _shared.append((app, dict(app.config)))
    app, config = _shared[0]
    app.config.clear()
    app.config.update({**config, **_where(path)})
    reset_rooms(app)  # nobody keeps a seat from one test to the next
    move_in(app)
    opened.append(database.obj)
    return app


class Visitor:
    """Someone with a browser. Who is `signed_in` must not be asked to sign in again: what a test does not find on the
    sign-in page it would take for absent. Where that page is the answer to expect, the test asks by `client`."""

    def __init__(self, app: Flask, **environ: Any) -> None:
        self.client = app.test_client()
        self.client.environ_base.update(environ)
        self.signed_in = False

    def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> Any:
        return self.post(SIGN_IN, username=username, password=password, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self._let_in(self.client.get(path, **more), path)

    def post(self, path: str, **fields: Any) -> Any:
        return self._let_in(self.client.post(path, data={"csrf_token": self.token(), **fields}), path)

    def _let_in(self, answer: Any, path: str) -> Any:
        led_to = answer.location or answer.request.path
        self.signed_in &= path.partition("?")[0] not in (SIGN_IN, SIGN_OUT)
        assert not (self.signed_in and led_to.partition("?")[0] == SIGN_IN), f"{path[:80]} asks to sign in"
        return answer

    def landed(self, answer: Any) -> Any:
        """The page that a browser shows after what was sent."""
        return self.get(answer.location) if answer.status_code == 303 else answer

    def token(self) -> str:
        """What the pages of this session carry: read off one of them where its cookie holds none yet."""
        app = self.client.application
        cookie = self.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        with suppress(BadSignature):
            session = cookie and SecureCookieSessionInterface().get_signing_serializer(app).loads(cookie.value)
            if session and "csrf_token" in session:
                return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(session["csrf_token"]))
        return str(TOKEN.findall(self.client.get("/", follow_redirects=True).text)[0])

    def page(self, path: str) -> str:
        """The HTML of a page that is shown: on a refusal or a redirect nothing that one looks for would be found."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
        return str(answer.text)

    def text(self, path: str) -> str:
        """The same as one reads it."""
        return words(self.page(path))


def signed_in(app: Flask, username: str, **environ: Any) -> Visitor:
    visitor = Visitor(app, **environ)
    assert visitor.sign_in(username).location == "/", f"{username} has not come in"
    visitor.signed_in = True
    return visitor


def words(html: str) -> str:
    """Without tags, blanks collapsed; where a word may be broken it is one word."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.replace("<wbr>", ""))).split())
