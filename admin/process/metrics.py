"""/metrics for Prometheus, on a port of its own: what the panel does and how it fares, in numbers that name nobody."""

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

from admin.process import measured
from admin.process.ending import Ending
from admin.process.ports import taken_plainly, whole_number
from models.operations.figures import Figure, figures_of
from models.store.base import now

BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 15_000)  # milliseconds
KEPT = 5.0  # seconds that the database's figures are good for: nobody loads the server by asking


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

    def note(self, answered: measured.Answered) -> None:
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
                self._figures, self._until = self._ask(), time.monotonic() + KEPT
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
    measured.tell(app, Traffic(registry).note)
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
