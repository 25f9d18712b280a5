"""/metrics for Prometheus and /health/live, /health/ready; the ports of the process."""

import errno
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from admin.server import logs
from admin.server.ending import Ending
from models import release
from models.operations import checks
from models.operations.figures import Figure, figures_of
from models.store.base import now

HIGHEST = 65_535
NO_NUMBER = "{name} harus berupa angka dari 0 sampai {most}."
TAKEN = "Port {port} pada {host} sudah dipakai program lain. Hentikan program itu, atau ubah {name}, lalu mulai lagi."
SHUT = "Port {port} pada {host} tidak dapat dibuka. Ubah {name}, lalu mulai lagi."


def whole_number(name: str, word: object, *, most: int = HIGHEST) -> int:
    """What the environment says of a port, or of how many; ValueError in a sentence for what is none."""
    text = str(word).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise ValueError(NO_NUMBER.format(name=name, most=most))
    return int(text)


@contextmanager
def taken_plainly(name: str, host: str, port: int) -> Iterator[None]:
    """ValueError in a sentence if the address cannot be had; `name` is the variable that says which."""
    try:
        yield
    except OSError as fault:
        sentence = TAKEN if fault.errno == errno.EADDRINUSE else SHUT
        raise ValueError(sentence.format(host=host, port=port, name=name)) from fault


KEPT = 5.0  # seconds that an answer is good for: nobody loads the server by asking
PATIENCE = 1.5  # seconds that an answer is waited for
LATE = "Basis data belum menjawab."
HERE = ("127.0.0.1", "::1")
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
    """Both are open to anybody who reaches the panel, and tell nothing of anybody; which version it is, only whoever
    asks on the server itself: others learn from that what is not mended yet."""
    version = release.version()  # of the code that runs, whatever lies there later
    watch = Watch(lambda: checks.faults_at(Path(app.config["VAR_DIR"]), app.config["DATABASE_URL"]))

    def ready() -> Any:
        faults = watch.faults()
        named = {"versi": version} if request.remote_addr in HERE else {}
        return {"siap": not faults, "gangguan": faults, **named}, 503 if faults else 200

    app.add_url_rule("/health/live", "live", lambda: ("hidup", TEXT))
    app.add_url_rule("/health/ready", "ready", ready)


BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 15_000)  # milliseconds
FIGURES_KEPT = 5.0  # seconds that the database's figures are good for: nobody loads the server by asking


class Traffic:
    """Requests as they are answered. The pattern of a route is one of the panel's own words, as are verb and code."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "panel_requests", "Permintaan yang dijawab.", ("verb", "route", "code"), registry=registry
        )
        self.statements = Counter("panel_statements", "Pernyataan kepada basis data.", ("route",), registry=registry)
        self.ms = Histogram(
            "panel_request_ms", "Milidetik sampai bita terakhir.", ("route",), registry=registry, buckets=BOUNDS
        )

    def note(self, answered: logs.Answered) -> None:
        route = answered.route or ""
        self.requests.labels(answered.verb, route, str(answered.code)).inc()
        self.statements.labels(route).inc(answered.statements)
        self.ms.labels(route).observe(answered.ms)


class Kept:
    """Figures that are asked for once in a while, for all who want to know."""

    def __init__(self, ask: Callable[[], list[Figure]]) -> None:
        self._ask, self._lock = ask, Lock()
        self._figures: list[Figure] = []
        self._until = 0.0

    def figures(self) -> list[Figure]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._figures, self._until = self._ask(), time.monotonic() + FIGURES_KEPT
            return self._figures


class PresentState(Collector):
    """How the panel stands at the moment: its threads, and what its database tells."""

    def __init__(self, ask_server: Callable[[], list[Figure]], ask_database: Callable[[], list[Figure]]) -> None:
        self._server, self._database = ask_server, Kept(ask_database)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for figure in (*self._server(), *self._database.figures()):
            named = families.setdefault(
                figure.name, GaugeMetricFamily(f"panel_{figure.name}", figure.says, labels=list(figure.labels))
            )
            named.add_metric(list(figure.labels.values()), figure.value)
        yield from families.values()


def open_port(app: Flask) -> None:
    """Tell the numbers from now on, where a port is set; 0 is a free one. ValueError in a sentence if it cannot be."""
    word = str(app.config.get("METRICS_PORT", ""))
    if not word:
        return
    host, port = str(app.config["METRICS_HOST"]), whole_number("METRICS_PORT", word)
    with taken_plainly("METRICS_PORT", host, port):
        listener, _ = start_http_server(port, host, registry_of(app))
    app.config["METRICS_PORT"] = str(listener.server_port)


def registry_of(app: Flask) -> CollectorRegistry:
    """All numbers of a panel, counted from now on."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # when each number was first counted: half as many lines again, which nobody reads
    registry, url = CollectorRegistry(), app.config["DATABASE_URL"]
    ProcessCollector(registry=registry)
    registry.register(PresentState(lambda: _of_server(app), lambda: figures_of(url, now())))
    logs.tell(app, Traffic(registry).note)
    return registry


def _of_server(app: Flask) -> list[Figure]:
    """Threads that answer, requests for which there is none yet, and the seats of costly work."""
    end: Ending = app.extensions["ending"]
    hands = {id(one.task_dispatcher): one.task_dispatcher for one in end.listeners}.values()
    costly = app.extensions["costly"]
    return [
        Figure("threads", "Utas yang menjawab permintaan.", sum(len(each.threads) for each in hands)),
        Figure("threads_busy", "Utas yang sedang menjawab.", sum(each.active_count for each in hands)),
        Figure("requests_waiting", "Permintaan yang menunggu utas.", sum(len(each.queue) for each in hands)),
        Figure("costly_inside", "Pekerjaan berat yang sedang berjalan.", len(costly)),
        Figure("costly_in_line", "Pekerjaan berat yang menunggu giliran.", costly.in_line),
    ]
