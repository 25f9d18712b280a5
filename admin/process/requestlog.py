"""The log of requests: one line of JSON each, without a name, anything that was typed, or a word of any case."""

import json
import logging
import os
import time
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request

from admin.process.reference import reference
from models.store import counted
from sop.clock import WIB

SIZE, KEPT = 10 * 1024 * 1024, 9  # bytes of a file, and how many full ones stay beside it
OFF = "off"
BEGUN = "panel.begun"  # in the request's environment: when it came, how many statements its thread had asked before

log = logging.getLogger("panel.requests")


class QuietFile(RotatingFileHandler):
    """A file that is turned over when it is full. A line that cannot be written is lost; its request is not."""

    def handleError(self, record: logging.LogRecord) -> None:
        """The disk may be what is full: whoever is answered need not know of it."""

    def _open(self) -> Any:
        return open(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def open_log(app: Flask, where: str) -> None:
    """From now on each request leaves a line in this file; `OFF` leaves none."""
    if where == OFF:
        return
    path = Path(app.config["VAR_DIR"]) / where
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.addHandler(QuietFile(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8"))
    log.setLevel(logging.INFO)
    log.propagate = False
    inner = app.wsgi_app

    def timed(environ: Any, start_response: Any) -> Any:
        environ[BEGUN] = (time.perf_counter(), counted.statements())
        return inner(environ, start_response)

    app.wsgi_app = timed  # type: ignore[method-assign]
    app.after_request(_write_when_closed)


def _write_when_closed(answer: Response) -> Response:
    """A line once the last byte has been handed over: an export is not done when it begins."""
    (begun, before), rule = request.environ[BEGUN], request.url_rule
    line = {
        "id": reference(),
        "who": g.get("who"),
        "verb": request.method,
        "route": rule.rule if rule else None,
        "code": answer.status_code,
    }

    def write() -> None:
        spent = {"ms": round((time.perf_counter() - begun) * 1000, 1), "sql": counted.statements() - before}
        log.info(json.dumps({"at": datetime.now(WIB).isoformat(timespec="milliseconds"), **line, **spent}))

    answer.call_on_close(write)
    return answer
