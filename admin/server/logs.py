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

from models.store import counted
from sop.clock import WIB


def reference() -> str:
    """In digits alone: they are read out on the telephone, and spell nothing."""
    if "reference" not in g:
        g.reference = f"{secrets.randbelow(10_000):04}-{secrets.randbelow(10_000):04}"
    return str(g.reference)


SIZE, KEPT = 10 * 1024 * 1024, 9  # bytes of a file, and how many full ones stay beside it


class QuietFile(RotatingFileHandler):
    """A file that is turned over when it is full. A line that cannot be written is lost; its request is not."""

    def handleError(self, record: logging.LogRecord) -> None:
        """The disk may be what is full: whoever is answered need not know of it."""

    def _open(self) -> Any:
        return open(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def write_into(path: Path, log: logging.Logger) -> None:
    """What the log is told goes into this file, and nowhere else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.addHandler(QuietFile(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8"))
    log.setLevel(logging.INFO)
    log.propagate = False


NAME = "gangguan.jsonl"  # beside the log of requests
HOUSE = Path(__file__).resolve().parents[2]
PACKAGES = "site-packages"
DEEPEST = 40  # places of one exception; the last ones tell most

failures = logging.getLogger("panel.failures")


def open_failure_log(folder: Path) -> None:
    """From now on each failure leaves a line in a file of this folder."""
    write_into(folder / NAME, failures)


def note(number: str, fault: BaseException) -> None:
    """Keep that a request has failed, where a log is kept."""
    line = {
        "at": datetime.now(WIB).isoformat(timespec="milliseconds"),
        "id": number,
        "kinds": [kind_of(behind) for behind in _chain(fault)],
        "places": [place for behind in _chain(fault) for place in _places(behind)],
    }
    failures.info(json.dumps(line))


def kind_of(fault: BaseException) -> str:
    """The name of its class, with the module's."""
    return f"{type(fault).__module__}.{type(fault).__qualname__}"


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The exception and those in whose wake it came up."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def _places(fault: BaseException) -> list[str]:
    """File and line of each step on the way to it, the innermost last."""
    steps = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(fault.__traceback__)]
    return [f"{_file_in_words(file)}:{line}" for file, line in steps[-DEEPEST:]]


def _file_in_words(file: str) -> str:
    """As it stands in the house or in its package: nothing of the computer that it lies on."""
    path = Path(file)
    if PACKAGES in path.parts:
        return str(Path(*path.parts[path.parts.index(PACKAGES) + 1 :]))
    return str(path.relative_to(HOUSE)) if path.is_relative_to(HOUSE) else path.name


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


OFF = "off"

requests = logging.getLogger("panel.requests")


def open_request_log(app: Flask, where: str) -> None:
    """From now on each request leaves a line in this file, and each failure one beside it; `OFF` leaves none."""
    if where == OFF:
        return
    path = Path(app.config["VAR_DIR"]) / where
    write_into(path, requests)
    open_failure_log(path.parent)
    tell(app, _write)


def _write(answered: Answered) -> None:
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
