"""What each request has cost, told to whoever keeps count of it once its last byte has been handed over."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request

from admin.process.reference import reference
from models.store import counted

BEGUN = "panel.begun"  # in the request's environment: when it came, how many statements its thread had asked before
LISTENERS = "measured"  # under which name the app keeps those who are told
VERBS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
OTHER = "?"  # every other verb: whoever calls may have typed anything there


@dataclass(frozen=True)
class Answered:
    """One request: its number, who asked by number, the pattern of its route, and what it has cost."""

    number: str
    who: int | None
    verb: str
    route: str | None
    code: int
    ms: float
    statements: int


Listener = Callable[[Answered], None]


def tell(app: Flask, listener: Listener) -> None:
    """From now on tell it of each request. Without any listener nothing is measured."""
    listeners: list[Listener] = app.extensions.setdefault(LISTENERS, [])
    if not listeners:
        _measure(app)
    listeners.append(listener)


def _measure(app: Flask) -> None:
    inner = app.wsgi_app

    def timed(environ: Any, start_response: Any) -> Any:
        environ[BEGUN] = (time.perf_counter(), counted.statements())
        return inner(environ, start_response)

    app.wsgi_app = timed  # type: ignore[method-assign]
    app.after_request(_tell_when_closed)


def _tell_when_closed(answer: Response) -> Response:
    """Told once the last byte has been handed over: an export is not done when it begins."""
    (begun, before), rule = request.environ[BEGUN], request.url_rule
    listeners: list[Listener] = current_app.extensions[LISTENERS]
    number, who = reference(), g.get("who")
    verb, route = request.method if request.method in VERBS else OTHER, rule.rule if rule else None

    def close() -> None:
        ms = round((time.perf_counter() - begun) * 1000, 1)
        told = Answered(number, who, verb, route, answer.status_code, ms, counted.statements() - before)
        for listener in listeners:
            listener(told)

    answer.call_on_close(close)
    return answer
