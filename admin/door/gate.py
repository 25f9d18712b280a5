"""One check before every request: who may open the page; what a route may cost; the marks on views and routes."""

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
from models.store.bounded import Work
from sop.access import PUBLIC

Marked = TypeVar("Marked", bound=Callable[..., Any])
WITHOUT_END = 1_000


@dataclass(frozen=True)
class SeatKind:
    """A kind of seat in the room of costly work: how many one person may have at one time, and all together."""

    name: str
    own: int = WITHOUT_END
    together: int = WITHOUT_END
    long: bool = False  # may take many seconds: whoever has waited for it in vain does not go in all the same
    line: int = 0  # waiting for it in a line of its own, of one person as many as may have it; 0 for the common line
    patience: float = 1.0  # seconds in line


SHORT, LONG = SeatKind("short"), SeatKind("long", long=True)
SEATS = {
    Work.PRINT: SHORT,
    Work.HASH: SeatKind("hash", own=1, together=2, line=2, patience=3.0),
    Work.FILE: SeatKind("file", own=1, together=2, long=True, line=3, patience=10.0),
    Work.TABLE: SeatKind("table", own=1, together=2, long=True, line=1, patience=10.0),
}


@dataclass(frozen=True)
class Cost:
    """What may be done for a request, and the seat that it needs from the start."""

    works: frozenset[Work] = frozenset()
    seat: SeatKind | None = None
    asked_by: tuple[str, ...] = ()  # only where the address says one of these


def begins(*works: Work) -> Cost:
    """A seat is taken when such work begins; whoever gets none is told by the page, with all that was typed."""
    return Cost(frozenset(works))


READS = Cost()
SEARCHES = Cost(seat=SHORT, asked_by=("search", "q"))
READS_MUCH = Cost(seat=LONG)
PRINTS = Cost(frozenset({Work.PRINT}), SHORT)
PRINTS_MUCH = Cost(frozenset({Work.PRINT}), LONG)
CHECKS_PASSWORD = begins(Work.HASH)
TAKES_FILES = begins(Work.FILE)
FREE = frozenset({"static", "admin.static", "live", "ready"})  # other libraries' routes, and signs of life


def costs(cost: Cost) -> Callable[[Marked], Marked]:
    """The function or method declares a cost of its own, whatever that of its view is."""

    def mark(route: Marked) -> Marked:
        vars(route)["cost"] = cost
        return route

    return mark


def cost_of(app: Flask, endpoint: str | None) -> Cost | None:
    """What a route declares, itself or by its view; None where nobody has declared anything."""
    if endpoint is None or endpoint in FREE:
        return READS
    route: Any = app.view_functions[endpoint]
    declared: Cost | None = getattr(route, "cost", None) or getattr(getattr(route, "__self__", None), "cost", None)
    return declared


def may_do(*works: Work) -> None:
    """A question that comes before what was asked for, as that for the password, brings its own work along."""
    g.works = g.get("works", frozenset()) | frozenset(works)


def expose(
    address: str = "/", *, methods: Iterable[str] = ("GET",), cost: Cost | None = None
) -> Callable[[Marked], Marked]:
    """The method answers at this address, which stands below that of its view, and costs what its view says or this."""
    mark: Callable[[Marked], Marked] = flask_admin.expose(address, methods)
    return (lambda method: mark(costs(cost)(method))) if cost else mark


def action(key: str, label: str, question: str | None = None) -> Callable[[Marked], Marked]:
    """The method is done to the rows that were ticked, under this label; asked before, if there is a question."""
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
        if (only := CONFINED.get(sessions.confinement(), endpoint)) != endpoint:
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
