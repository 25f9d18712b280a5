"""Threads beside the server: the hourly look, and letters handed to the mail server."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from flask import Flask

from admin.server import logs
from admin.server.logs import OFF
from models.letters import sending, smtp, to_pengadu
from models.letters.queue import Kinds
from models.operations import duties
from models.operations.checks import Finding, Surroundings
from models.reading import staff_letters
from models.release import HOUSE
from models.store.base import now

PATIENCE = 8.0  # seconds that a page waits for a look: more than one asks the network for


def surroundings_of(config: Mapping[str, Any]) -> Surroundings:
    """Where the panel lives, as it is configured, and the present moment."""
    var, logged, names = Path(config["VAR_DIR"]), str(config["REQUEST_LOG"]), config["TRUSTED_HOSTS"] or [""]
    return Surroundings(
        var=var,
        url=config["DATABASE_URL"],
        at=now(),
        own_name=names[0] if int(config["PROXIES"]) else "",
        failures=None if logged == OFF else (var / logged).parent / logs.NAME,
        house=HOUSE,
    )


class Lookout:
    """One look at a time, however many ask for one; whoever does not want to wait any longer finds it kept later."""

    def __init__(self, app: Flask) -> None:
        self._app, self._lock = app, threading.Lock()
        self._under_way: Future[dict[str, Finding]] | None = None

    def is_done(self) -> bool:
        """Whether a look was made and kept before the page has waited too long. What fails is raised."""
        try:
            self._look().result(PATIENCE)
        except TimeoutError:
            return False
        return True

    def _look(self) -> "Future[dict[str, Finding]]":
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = Future()
                looks = (self._under_way, surroundings_of(self._app.config))
                threading.Thread(target=_look_for, args=looks, name="lookout", daemon=True).start()
            return self._under_way


def _look_for(asked: "Future[dict[str, Finding]]", place: Surroundings) -> None:
    """In a thread that no end of the process waits for."""
    try:
        asked.set_result(duties.look_and_tell(place))
    except Exception as fault:  # it is the page's to say
        asked.set_exception(fault)


def install_lookout(app: Flask) -> None:
    """Let pages ask for a look."""
    app.extensions["lookout"] = Lookout(app)


def begin_lookout(app: Flask, stop: threading.Event) -> None:
    """Look every hour beside the server. What it has begun at the end counts for nothing."""
    looks = (lambda: surroundings_of(app.config), stop)
    threading.Thread(target=duties.follow, args=looks, name="health", daemon=True).start()


KINDS: Kinds = {to_pengadu.KIND: to_pengadu.compose_told, **staff_letters.KINDS, **duties.KINDS}


def install_mail(app: Flask) -> None:
    """From now on letters go to the server that the environment names."""
    smtp.install(app.config["MAIL_URL"])


def begin_mail(stop: threading.Event) -> threading.Thread:
    """Queue what staff are to be told, and hand over what waits, until told to stop."""
    threading.Thread(target=staff_letters.follow, args=(stop,), name="notices", daemon=True).start()
    postman = threading.Thread(target=sending.follow, args=(KINDS, stop), name="post", daemon=True)
    postman.start()
    return postman
