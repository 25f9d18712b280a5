"""/metrics for Prometheus, /health/live and /health/ready, and opening ports."""

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
from admin.server.shutdown import Shutdown
from models import release
from models.operations import checks
from models.operations.figures import Figure, figures_of
from models.store.base import now

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


BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 15_000)  # milliseconds
FIGURES_CACHED = 5.0  # seconds, so that repeated scrapes cause no load


class Traffic:
    """Counters of answered requests. Labels are route pattern, verb and status code, never what a client sent."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "panel_requests", "Permintaan yang dijawab.", ("verb", "route", "code"), registry=registry
        )
        self.statements = Counter("panel_statements", "Pernyataan kepada basis data.", ("route",), registry=registry)
        self.ms = Histogram(
            "panel_request_ms", "Milidetik sampai bita terakhir.", ("route",), registry=registry, buckets=BOUNDS
        )

    def count(self, answered: logs.AnsweredRequest) -> None:
        route = answered.route or ""
        self.requests.labels(answered.verb, route, str(answered.code)).inc()
        self.statements.labels(route).inc(answered.statements)
        self.ms.labels(route).observe(answered.ms)


class FiguresCache:
    """A cache of the database's figures for FIGURES_CACHED seconds."""

    def __init__(self, ask: Callable[[], list[Figure]]) -> None:
        self._ask, self._lock = ask, Lock()
        self._figures: list[Figure] = []
        self._until = 0.0

    def figures(self) -> list[Figure]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._figures, self._until = self._ask(), time.monotonic() + FIGURES_CACHED
            return self._figures


class PresentState(Collector):
    """Gauges at the time of the scrape: threads of the server, and figures of the database."""

    def __init__(self, ask_server: Callable[[], list[Figure]], ask_database: Callable[[], list[Figure]]) -> None:
        self._server, self._database = ask_server, FiguresCache(ask_database)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for figure in (*self._server(), *self._database.figures()):
            named = families.setdefault(
                figure.name, GaugeMetricFamily(f"panel_{figure.name}", figure.says, labels=list(figure.labels))
            )
            named.add_metric(list(figure.labels.values()), figure.value)
        yield from families.values()


def open_port(app: Flask) -> None:
    """Serve /metrics if METRICS_PORT is set; 0 takes a free port. ValueError with a sentence if it cannot be bound."""
    word = str(app.config.get("METRICS_PORT", ""))
    if not word:
        return
    host, port = str(app.config["METRICS_HOST"]), whole_number("METRICS_PORT", word)
    with port_errors_in_words("METRICS_PORT", host, port):
        listener, _ = start_http_server(port, host, registry_of(app))
    app.config["METRICS_PORT"] = str(listener.server_port)


def registry_of(app: Flask) -> CollectorRegistry:
    """The registry of all metrics of a panel."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the _created series: half as many lines again, unused
    registry, url = CollectorRegistry(), app.config["DATABASE_URL"]
    ProcessCollector(registry=registry)
    registry.register(PresentState(lambda: _server_figures(app), lambda: figures_of(url, now())))
    logs.add_request_listener(app, Traffic(registry).count)
    return registry


def _server_figures(app: Flask) -> list[Figure]:
    """Worker threads, requests that wait for one, and seats of costly work."""
    end: Shutdown = app.extensions["ending"]
    dispatchers = {id(listener.task_dispatcher): listener.task_dispatcher for listener in end.listeners}.values()
    costly = app.extensions["costly"]
    return [
        Figure("threads", "Utas yang menjawab permintaan.", sum(len(each.threads) for each in dispatchers)),
        Figure("threads_busy", "Utas yang sedang menjawab.", sum(each.active_count for each in dispatchers)),
        Figure("requests_waiting", "Permintaan yang menunggu utas.", sum(len(each.queue) for each in dispatchers)),
        Figure("costly_inside", "Pekerjaan berat yang sedang berjalan.", len(costly)),
        Figure("costly_in_line", "Pekerjaan berat yang menunggu giliran.", costly.in_line),
    ]
