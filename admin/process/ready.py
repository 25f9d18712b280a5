"""/health/live and /health/ready: whether the process lives, and what of the panel has failed, for who watches it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask

from models.operations import checks

KEPT = 5.0  # seconds that an answer is good for: nobody loads the server by asking
PATIENCE = 1.5  # seconds that an answer is waited for
LATE = "Basis data belum menjawab."
TEXT = {"Content-Type": "text/plain; charset=utf-8"}

Faults = dict[str, str]  # a sentence for what has failed, by the name of its check


class Watch:
    """Asks how the panel fares, once for all who want to know within some seconds, in a thread of its own."""

    def __init__(self, ask: Callable[[], Faults]) -> None:
        self._ask, self._lock = ask, Lock()
        self._hand = ThreadPoolExecutor(1, "watch")
        self._asked: Future[Faults] | None = None
        self._at = 0.0

    def faults(self) -> Faults:
        """What has failed. A question that is not answered in time goes on, and its answer is the next one's."""
        try:
            return self._question().result(PATIENCE)
        except TimeoutError:
            return {"database": LATE}

    def _question(self) -> Future[Faults]:
        with self._lock:
            under_way = self._asked is not None and not self._asked.done()
            if self._asked is None or (not under_way and time.monotonic() - self._at > KEPT):
                self._asked, self._at = self._hand.submit(self._ask), time.monotonic()
            return self._asked


def install(app: Flask) -> None:
    """Both are open to anybody who reaches the panel, and tell nothing of anybody."""
    watch = Watch(lambda: checks.faults_at(Path(app.config["VAR_DIR"]), app.config["DATABASE_URL"]))

    def ready() -> Any:
        faults = watch.faults()
        return {"siap": not faults, "gangguan": faults}, 503 if faults else 200

    app.add_url_rule("/health/live", "live", lambda: ("hidup", TEXT))
    app.add_url_rule("/health/ready", "ready", ready)
