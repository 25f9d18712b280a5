"""/metrics for Prometheus. Imported only where a port is set for it, as its library takes memory."""

import time
from collections.abc import Callable, Iterator
from threading import Lock

from flask import Flask
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
from admin.server.health import port_errors_in_words, whole_number
from admin.server.shutdown import Shutdown
from models.operations.figures import Figure, figures_of
from models.store.base import now

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
    """Serve /metrics on METRICS_PORT; 0 takes a free port. ValueError with a sentence if it cannot be bound."""
    host, port = str(app.config["METRICS_HOST"]), whole_number("METRICS_PORT", app.config["METRICS_PORT"])
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
