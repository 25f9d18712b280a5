"""Request log and failure log, with the reference number of each request."""

import json
import logging
import os
import secrets
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request

from models.store import statement_counters
from sop.clock import WIB


def reference() -> str:
    """The request's reference number. Digits only: it is read out on the telephone."""
    if "reference" not in g:
        g.reference = f"{secrets.randbelow(10_000):04}-{secrets.randbelow(10_000):04}"
    return str(g.reference)


SIZE, ROTATED = 10 * 1024 * 1024, 9  # bytes of a log file, and how many rotated files are retained


class QuietFile(RotatingFileHandler):
    """A rotating log file. A line that cannot be written is dropped; its request goes on."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Ignore the error: the disk may be full, and the request must not fail for its log line."""

    def _open(self) -> Any:
        return open(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def write_into(path: Path, log: logging.Logger) -> None:
    """Send this logger's records to the file only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.addHandler(QuietFile(path, maxBytes=SIZE, backupCount=ROTATED, encoding="utf-8"))
    log.setLevel(logging.INFO)
    log.propagate = False


NAME = "gangguan.jsonl"  # in the folder of the request log
HOUSE = Path(__file__).resolve().parents[2]
PACKAGES = "site-packages"
DEEPEST = 40  # traceback lines per exception, the innermost ones

failures = logging.getLogger("panel.failures")


def log_failure(number: str, fault: BaseException) -> None:
    """Log a failed request, if the failure log is open."""
    line = {
        "at": datetime.now(WIB).isoformat(timespec="milliseconds"),
        "id": number,
        "kinds": [kind_of(link) for link in _chain(fault)],
        "places": [place for link in _chain(fault) for place in _places(link)],
    }
    failures.info(json.dumps(line))


def kind_of(fault: BaseException) -> str:
    """The exception's class as module.qualname."""
    return f"{type(fault).__module__}.{type(fault).__qualname__}"


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The exception, its cause or context, and so on; each once."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def _places(fault: BaseException) -> list[str]:
    """file:line of each traceback frame, the innermost last."""
    steps = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(fault.__traceback__)]
    return [f"{_relative_path(file)}:{line}" for file, line in steps[-DEEPEST:]]


def _relative_path(file: str) -> str:
    """The path relative to the source tree or to site-packages, so that no path of the computer is logged."""
    path = Path(file)
    if PACKAGES in path.parts:
        return str(Path(*path.parts[path.parts.index(PACKAGES) + 1 :]))
    return str(path.relative_to(HOUSE)) if path.is_relative_to(HOUSE) else path.name


BEGUN = "panel.begun"  # key in the WSGI environ: start time, and SQL statements of the thread before
LISTENERS = "measured"  # key in app.extensions of the listeners
VERBS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
OTHER = "?"  # any other verb: clients can send arbitrary text there


@dataclass(frozen=True)
class AnsweredRequest:
    """One answered request: reference number, user id, pattern of the route, and cost."""

    number: str
    who: int | None
    verb: str
    route: str | None
    code: int
    ms: float
    statements: int


Listener = Callable[[AnsweredRequest], None]


def add_request_listener(app: Flask, listener: Listener) -> None:
    """Call the listener after each request. Requests are measured once the first listener is added."""
    listeners: list[Listener] = app.extensions.setdefault(LISTENERS, [])
    if not listeners:
        _measure(app)
    listeners.append(listener)


def _measure(app: Flask) -> None:
    inner = app.wsgi_app

    def timed(environ: Any, start_response: Any) -> Any:
        environ[BEGUN] = (time.perf_counter(), statement_counters.statements())
        return inner(environ, start_response)

    app.wsgi_app = timed  # type: ignore[method-assign]
    app.after_request(_report_when_closed)


def _report_when_closed(answer: Response) -> Response:
    """Call the listeners when the response is closed: a streamed export ends long after its headers."""
    (begun, before), rule = request.environ[BEGUN], request.url_rule
    listeners: list[Listener] = current_app.extensions[LISTENERS]
    number, who = reference(), g.get("who")
    verb, route = request.method if request.method in VERBS else OTHER, rule.rule if rule else None

    def close() -> None:
        ms = round((time.perf_counter() - begun) * 1000, 1)
        answered = AnsweredRequest(
            number, who, verb, route, answer.status_code, ms, statement_counters.statements() - before
        )
        for listener in listeners:
            listener(answered)

    answer.call_on_close(close)
    return answer


OFF = "off"

requests = logging.getLogger("panel.requests")


def open_request_log(app: Flask, where: str) -> None:
    """Log requests to this file under VAR_DIR and failures in its folder; `OFF` logs neither."""
    if where == OFF:
        return
    path = Path(app.config["VAR_DIR"]) / where
    write_into(path, requests)
    write_into(path.parent / NAME, failures)
    add_request_listener(app, _log_request)


def _log_request(answered: AnsweredRequest) -> None:
    line = {
        "at": datetime.now(WIB).isoformat(timespec="milliseconds"),
        "id": answered.number,
        "who": answered.who,
        "verb": answered.verb,
        "route": answered.route,
        "code": answered.code,
        "ms": answered.ms,
        "sql": answered.statements,
    }
    requests.info(json.dumps(line))
