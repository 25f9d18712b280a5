"""/health/live and /health/ready, and the sentences for ports."""

import errno
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, request

from models import release
from models.operations import checks

HIGHEST = 65_535
NO_NUMBER = "{name} harus berupa angka dari 0 sampai {most}."
TAKEN = "Port {port} pada {host} sudah dipakai program lain. Hentikan program itu, atau ubah {name}, lalu mulai lagi."
SHUT = "Port {port} pada {host} tidak dapat dibuka. Ubah {name}, lalu mulai lagi."


def whole_number(name: str, word: object, *, most: int = HIGHEST) -> int:
    """A number from 0 to `most` of the environment variable `name`; ValueError with a sentence otherwise."""
    text = str(word).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise ValueError(NO_NUMBER.format(name=name, most=most))
    return int(text)


@contextmanager
def port_errors_in_words(name: str, host: str, port: int) -> Iterator[None]:
    """ValueError with a sentence if the address cannot be bound; `name` is its environment variable."""
    try:
        yield
    except OSError as fault:
        sentence = TAKEN if fault.errno == errno.EADDRINUSE else SHUT
        raise ValueError(sentence.format(host=host, port=port, name=name)) from fault


FAULTS_CACHED = 5.0  # seconds, so that repeated requests cause no load
PATIENCE = 1.5  # seconds that a request waits for the checks
LATE = "Basis data belum menjawab."
HERE = ("127.0.0.1", "::1")
TEXT = {"Content-Type": "text/plain; charset=utf-8"}

Faults = dict[str, str]  # a sentence for what has failed, by the name of its check


class Watch:
    """Runs the checks in a thread of its own and caches their result for FAULTS_CACHED seconds."""

    def __init__(self, ask: Callable[[], Faults]) -> None:
        self._ask, self._lock = ask, Lock()
        self._executor = ThreadPoolExecutor(1, "watch")
        self._result: Future[Faults] | None = None
        self._at = 0.0

    def faults(self) -> Faults:
        """What has failed. Checks that time out go on in the thread, and a later request gets their result."""
        try:
            return self._latest().result(PATIENCE)
        except TimeoutError:
            return {"database": LATE}

    def _latest(self) -> Future[Faults]:
        with self._lock:
            is_running = self._result is not None and not self._result.done()
            if self._result is None or (not is_running and time.monotonic() - self._at > FAULTS_CACHED):
                self._result, self._at = self._executor.submit(self._ask), time.monotonic()
            return self._result


def install(app: Flask) -> None:
    """Add the health addresses. Both are public and hold no personal data; the version is shown only to requests from
    the server itself, since it tells attackers which fixes are missing."""
    version = release.version()  # read once: an upgrade may replace the files while this process runs
    watch = Watch(lambda: checks.failed_checks(Path(app.config["VAR_DIR"]), app.config["DATABASE_URL"]))

    def ready() -> Any:
        faults = watch.faults()
        named = {"versi": version} if request.remote_addr in HERE else {}
        return {"siap": not faults, "gangguan": faults, **named}, 503 if faults else 200

    app.add_url_rule("/health/live", "live", lambda: ("hidup", TEXT))
    app.add_url_rule("/health/ready", "ready", ready)
