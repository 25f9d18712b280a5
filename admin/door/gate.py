"""The access check before every request, the cost of a route, and the decorators that declare both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import flask_admin
import flask_admin.actions
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.routing import BaseConverter

from admin.door import sessions
from admin.door.rows import signed_in
from models.complaint import scope
from models.sign_in.session import LACKS_FACTOR, SHORT_PASSWORD
from models.store.resource_limits import Work
from sop.access import PUBLIC

Marked = TypeVar("Marked", bound=Callable[..., Any])
UNLIMITED = 1_000


@dataclass(frozen=True)
class SlotKind:
    """A class of slots for costly work: the limit per user (`own`) and in all (`together`)."""

    name: str
    own: int = UNLIMITED
    together: int = UNLIMITED
    long: bool = False  # may take many seconds: refused after a timeout in the queue, while short work proceeds
    line: int = 0  # length of its own queue, per user as many as `own`; 0 for the common queue
    patience: float = 1.0  # timeout in the queue, in seconds


SHORT, LONG = SlotKind("short"), SlotKind("long", long=True)
SLOT_KINDS = {
    Work.PRINT: SHORT,
    Work.HASH: SlotKind("hash", own=1, together=2, line=2, patience=3.0),
    Work.FILE: SlotKind("file", own=1, together=2, long=True, line=3, patience=10.0),
    Work.TABLE: SlotKind("table", own=1, together=2, long=True, line=1, patience=10.0),
}


@dataclass(frozen=True)
class Cost:
    """The work that a request may do, and the slot that it needs from its start."""

    works: frozenset[Work] = frozenset()
    seat: SlotKind | None = None
    asked_by: tuple[str, ...] = ()  # if set, only where the query has one of these arguments
    rate: int = 0  # requests that one address may send within a minute, if not 0
    most: int = 0  # bytes of files that may be sent, also without a sign-in, if more than usual


def begins(*works: Work) -> Cost:
    """A cost whose slot is taken when the work begins; if none is free, the page keeps the submitted values."""
    return Cost(frozenset(works))


READS = Cost()
SEARCHES = Cost(seat=SHORT, asked_by=("search", "q"))
READS_MUCH = Cost(seat=LONG)
PRINTS = Cost(frozenset({Work.PRINT}), SHORT)
PRINTS_MUCH = Cost(frozenset({Work.PRINT}), LONG)
CHECKS_CODE, CHECKS_FILE = Cost(rate=30), Cost(frozenset({Work.FILE}), rate=10, most=10 * 1024 * 1024)
TAKES_MANY = Cost(seat=LONG, most=110 * 1024 * 1024)
CHECKS_PASSWORD = begins(Work.HASH)
TAKES_FILES = begins(Work.FILE)
FREE = frozenset({"static", "admin.static", "live", "ready"})  # other libraries' routes and health checks


def costs(cost: Cost) -> Callable[[Marked], Marked]:
    """Declare the cost of a route, instead of its view's."""

    def mark(route: Marked) -> Marked:
        vars(route)["cost"] = cost
        return route

    return mark


def cost_of(app: Flask, endpoint: str | None) -> Cost | None:
    """The cost of a route, declared by itself or its view; None if neither declares one."""
    if endpoint is None or endpoint in FREE:
        return READS
    route: Any = app.view_functions[endpoint]
    declared: Cost | None = getattr(route, "cost", None) or getattr(getattr(route, "__self__", None), "cost", None)
    return declared


def allow_work(*works: Work) -> None:
    """Allow further work in this request, as for a password prompt before the page."""
    g.works = g.get("works", frozenset()) | frozenset(works)


def expose(
    address: str = "/", *, methods: Iterable[str] = ("GET",), cost: Cost | None = None
) -> Callable[[Marked], Marked]:
    """Declare a route of a view; `address` is relative to the view's, `cost` replaces the view's."""
    mark: Callable[[Marked], Marked] = flask_admin.expose(address, methods)
    return (lambda method: mark(costs(cost)(method))) if cost else mark


def action(key: str, label: str, question: str | None = None) -> Callable[[Marked], Marked]:
    """Declare an action on the ticked rows; `question` is a confirmation to show first."""
    mark: Callable[[Marked], Marked] = flask_admin.actions.action(key, label, question)
    return mark


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
        "verification.ask",
        "verification.answer",
        "verification.file",
    }
)  # routes that need no sign-in
CONFINED = {LACKS_FACTOR: "akun.factor", SHORT_PASSWORD: "akun.index"}  # the only page of a confined session


class Id(BaseConverter):
    """A row's number in an address."""

    regex = "[1-9][0-9]{0,9}"


class Key(BaseConverter):
    """The key of a step or of a paper."""

    regex = "[a-z][a-z0-9_]{0,39}"


class Code(BaseConverter):
    """A public id, random and not guessable."""

    regex = "[A-Za-z0-9_-]{1,32}"


CONVERTERS = {"row": Id, "key": Key, "code": Code}


def belongs_to(*pages: str) -> Callable[[Marked], Marked]:
    """Declare the pages of a route, instead of its view's."""

    def mark(method: Marked) -> Marked:
        vars(method)["pages"] = pages
        return method

    return mark


def install(app: Flask) -> None:
    """Register the check and the URL converters, before any view is added."""
    app.url_map.converters.update(CONVERTERS)
    app.before_request(check_request)


def pages_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The pages of a route, declared by itself or its view; () if neither declares any."""
    if endpoint in OPEN:
        return (PUBLIC,)
    route: Any = app.view_functions[endpoint]
    pages: Any = getattr(route, "pages", ()) or getattr(getattr(route, "__self__", None), "pages", ())
    return tuple(page for page in pages if page)


def check_request() -> Any:
    """Admit the request or return the refusal; a route without declared pages is closed to all users."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN:
        return None
    pages = pages_of(current_app, endpoint)
    admitted = admits_to(pages)
    if current_user.is_authenticated:
        g.who = signed_in().id  # user id for the request log
        if (only := CONFINED.get(sessions.confinement(), endpoint)) != endpoint:
            return redirect(url_for(only))
    return None if admitted else refusal_answer(declared=bool(pages))


def admits_to(pages: tuple[str, ...]) -> bool:
    """Whether the signed-in user may open one of these pages."""
    user = signed_in()
    return bool(user.is_authenticated) and any(scope.may_open(user, page) for page in pages)


def refusal_answer(*, declared: bool = True) -> Any:
    """Redirect to sign-in without a session; with one 403, or 404 if no pages are declared for the route."""
    if not current_user.is_authenticated:
        return redirect(f"/masuk?next={quote(asked_page())}")
    return abort(403 if declared else 404)


def asked_page() -> str:
    """The address to return to after sign-in: the requested page, after a POST its list."""
    if request.method != "GET":
        first = request.path.split("/")[1]
        return f"/{first}/" if first else "/"
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")
