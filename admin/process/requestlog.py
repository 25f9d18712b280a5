"""The log of requests: one line of JSON each, without a name, anything that was typed, or a word of any case."""

import json
import logging
from datetime import datetime
from pathlib import Path

from flask import Flask

from admin.process import failurelog, measured
from admin.process.logfile import write_into
from sop.clock import WIB

OFF = "off"

log = logging.getLogger("panel.requests")


def open_log(app: Flask, where: str) -> None:
    """From now on each request leaves a line in this file, and each failure one beside it; `OFF` leaves none."""
    if where == OFF:
        return
    path = Path(app.config["VAR_DIR"]) / where
    write_into(path, log)
    failurelog.open_log(path.parent)
    measured.tell(app, _write)


def _write(answered: measured.Answered) -> None:
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
    log.info(json.dumps(line))
