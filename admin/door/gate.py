"""One check before every request: which page of the access table a route belongs to, and who may open that page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.routing import BaseConverter

from admin.door import held
from admin.door.cost import Marked
from admin.door.joins import signed_in
from models.complaint import scope
from models.sign_in.session import LACKS_FACTOR, SHORT_PASSWORD
from sop.access import PUBLIC
from sop.screens import ABOUT

OPEN = frozenset(
    {
        "static",
        "admin.static",
        "live",
        "ready",
        "signin.masuk",
        "signin.keluar",
        "signin_code.page",
        "passkey.ask",
        "lock.buka",
        "newpassword.page",
        "newpassword.ask",
        "first.page",
    }
)  # routes that need no sign-in
CONFINED = {LACKS_FACTOR: "akun.factor", SHORT_PASSWORD: "akun.index"}  # the one page of a session that is confined


class Id(BaseConverter):
    """A row's number in an address."""

    regex = "[1-9][0-9]{0,9}"


class Key(BaseConverter):
    """The key of a step or of a paper."""

    regex = "[a-z][a-z0-9_]{0,39}"


class Code(BaseConverter):
    """A public id: nobody guesses it."""

    regex = "[A-Za-z0-9_-]{1,32}"


CONVERTERS = {"row": Id, "key": Key, "code": Code}


class Gated:
    """Mixin of every view: the page of the access table that its routes belong to."""

    noun = ""  # a key of sop.access.PAGES; a view without one stays closed

    endpoint: str | None

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages by which one may come in, any of them."""
        return (self.noun,)

    @property
    def about(self) -> str:
        """What the screen is for, in one sentence."""
        return ABOUT.get(self.endpoint or self.noun, "")

    def is_accessible(self) -> bool:
        return admits_to(self.pages)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return refusal_answer()


def belongs_to(*pages: str) -> Callable[[Marked], Marked]:
    """The method declares pages of its own, whatever those of its view are."""

    def mark(method: Marked) -> Marked:
        vars(method)["pages"] = pages
        return method

    return mark


def install(app: Flask) -> None:
    """Put the check on the app, before any view is added."""
    app.url_map.converters.update(CONVERTERS)
    app.before_request(check_request)


def pages_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The pages that a route declares, itself or by its view; none for a route that nobody has declared."""
    if endpoint in OPEN:
        return (PUBLIC,)
    route: Any = app.view_functions[endpoint]
    pages: Any = getattr(route, "pages", ()) or getattr(getattr(route, "__self__", None), "pages", ())
    return tuple(page for page in pages if page)


def check_request() -> Any:
    """Let the request pass, or refuse it: what no route declares is closed to everybody."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN:
        return None
    pages = pages_of(current_app, endpoint)
    admitted = admits_to(pages)
    if current_user.is_authenticated:
        g.who = signed_in().id  # what the log of requests knows of a person
        if (only := CONFINED.get(held.confinement(), endpoint)) != endpoint:
            return redirect(url_for(only))
    return None if admitted else refusal_answer(declared=bool(pages))


def admits_to(pages: tuple[str, ...]) -> bool:
    """Whether the person signed in may open one of these pages."""
    return bool(current_user.is_authenticated) and any(scope.may_open(signed_in(), page) for page in pages)


def refusal_answer(*, declared: bool = True) -> Any:
    """Strangers are asked to sign in; whoever is signed in is told that it is not his page, or none at all."""
    if not current_user.is_authenticated:
        return redirect(f"/masuk?next={quote(asked_page())}")
    return abort(403 if declared else 404)


def asked_page() -> str:
    """Where sign-in should lead back to: the page asked for, or its list if something was sent."""
    if request.method != "GET":
        first = request.path.split("/")[1]
        return f"/{first}/" if first else "/"
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")
