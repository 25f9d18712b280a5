"""/metrics: numbers of what the panel does, on a port of its own, and no word that anybody has typed."""

import re
import signal
import socket
from collections.abc import Iterator
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from waitress import wasyncore

from admin.server import logs, metrics, server
from admin.server.shutdown import Shutdown
from models.complaint.event import record_verification
from models.operations.figures import figures_of
from models.store.backups import Backup
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS
from sop.flow import current_procedure
from tests.admin.doors import Visitor, panel_on
from tests.admin.running.process import outcome, running
from tests.office import Office, url_of
from tests.patience import LONGEST, wait_until

CANARY = "Kenanga Sekar"
TOLD_AT = re.compile(r"http://127\.0\.0\.1:(\d+)/metrics")

Numbers = dict[tuple[str, str], float]  # a value by its name and its labels


@pytest.fixture
def counted(office: Office) -> Iterator[tuple[Flask, metrics.CollectorRegistry]]:
    """A panel whose requests are counted."""
    previous = database.obj
    app = panel_on(office.path)
    app.extensions["ending"] = Shutdown()
    yield app, metrics.registry_of(app)
    database.close_all()
    database.initialize(previous)


def numbers(text: str) -> Numbers:
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return {(one.name, " ".join(one.labels[name] for name in sorted(one.labels))): one.value for one in samples}


@pytest.mark.only("sqlite")
def test_requests_are_counted_by_verb_route_and_code_with_their_time_and_statements(
    office: Office, counted: tuple[Flask, metrics.CollectorRegistry]
) -> None:
    app, registry = counted
    [case] = office.receive(title=CANARY)
    visitor = Visitor(app)
    visitor.sign_in("petugas")
    for _ in range(3):
        visitor.get(f"/pengaduan/details/?id={case}").close()
    metrics = numbers(generate_latest(registry).decode())
    route = "/pengaduan/details/"
    assert metrics["panel_requests_total", f"200 {route} GET"] == 3
    assert metrics["panel_request_ms_count", route] == 3
    assert metrics["panel_request_ms_sum", route] > 0
    assert metrics["panel_statements_total", route] > 15


@pytest.mark.only("sqlite")
def test_no_typed_stored_or_configured_text_stands_among_the_metrics(
    office: Office, counted: tuple[Flask, metrics.CollectorRegistry]
) -> None:
    app, registry = counted
    [case] = office.receive(title=CANARY, persons={"pengadu": {"name": CANARY, "phone": "081234567890"}})
    visitor = Visitor(app, HTTP_USER_AGENT=CANARY)
    visitor.sign_in("petugas", password=CANARY)
    visitor.sign_in("petugas")
    for address in (
        f"/cari/?q={CANARY}",
        f"/{CANARY}",
        f"/pengaduan/?search={CANARY}",
        f"/pengaduan/details/?id={case}",
    ):
        visitor.get(address).close()
    visitor.client.open("/", method="KENANGA").close()
    text = generate_latest(registry).decode()
    register = office.path.parent.name
    words = ("kenanga", "sekar", "081234567890", "rina", "petugas", "pgd/", register.lower())
    assert [word for word in words if word in text.lower()] == []
    assert numbers(text)["panel_requests_total", f"405  {logs.OTHER}"] == 1


def test_metrics_show_what_waits_what_is_late_and_how_old_the_proofs_are(office: Office) -> None:
    office.receive(2, at=now() - timedelta(days=9))
    late = office.receive(at=now() - timedelta(days=9))
    office.bring(late, "dispose", at=now() - timedelta(days=8))
    Backup.create(at=now() - timedelta(hours=5), name="panel-1.cadangan", place="/x")
    Backup.create(at=now() - timedelta(hours=1), name="panel-2.gagal", place="/x", fault="Tidak utuh.")
    record_verification(40, [])
    database.close_all()
    figures = {(one.name, " ".join(one.labels.values())): one.value for one in figures_of(url_of(office.path), now())}
    database.connect()
    kind = office.path.suffix.removeprefix(".")
    assert figures["database_up", kind] == 1
    assert figures["papers_waiting", ""] >= 6
    assert figures["papers_failed", ""] == 0
    assert figures["papers_oldest_seconds", ""] == pytest.approx(9 * 86400, abs=600)
    assert figures["backup_age_seconds", ""] == pytest.approx(5 * 3600, abs=600)
    assert figures["chain_checked_age_seconds", ""] < 600
    assert figures["chain_whole", ""] == 1
    assert (figures["cases_open", current_procedure().first], figures["cases_open", "dispose"]) == (2, 1)
    assert figures["cases_late", ""] == 3


@pytest.mark.only("sqlite")
def test_a_database_that_is_away_is_a_number_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    database.close_all()
    away = DATABASE_ERRORS[0]("away")
    monkeypatch.setattr(database.obj, "connect", lambda **_: (_ for _ in ()).throw(away))
    [figure] = figures_of(url_of(office.path), now())
    monkeypatch.undo()
    database.connect()
    assert (figure.name, figure.value) == ("database_up", 0)


def test_however_many_ask_the_database_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()
    cached = metrics.FiguresCache(lambda: asked.append(1) or [])
    assert [cached.figures() for _ in range(50)] == [[]] * 50
    assert len(asked) == 1


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("name", ["PORT", "METRICS_PORT"])
def test_a_port_that_another_program_has_is_one_sentence(
    office: Office, counted: tuple[Flask, metrics.CollectorRegistry], name: str
) -> None:
    app, _ = counted
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        app.config.update({"PORT": 0, "HOST": "127.0.0.1", "METRICS_PORT": "", name: port})
        with pytest.raises(
            ValueError, match=rf"^Port {port} pada 127\.0\.0\.1 sudah dipakai .* ubah {name}, lalu mulai"
        ):
            server.open_server(app)
    wasyncore.close_all(app.extensions["ending"].sockets, ignore_all=True)


@pytest.mark.only("sqlite")
def test_a_port_that_is_no_number_is_one_sentence(counted: tuple[Flask, metrics.CollectorRegistry]) -> None:
    app, _ = counted
    for word in ("sembilan", "99999"):
        app.config["METRICS_PORT"] = word
        with pytest.raises(ValueError, match="METRICS_PORT harus berupa angka"):
            metrics.open_port(app)


@pytest.mark.only("sqlite")
@pytest.mark.slow("a panel of its own")
def test_off_until_set_and_then_on_its_own_port_alone(office: Office) -> None:
    previous = database.obj
    database.close_all()
    with running(office.path, METRICS_PORT="0") as panel:
        wait_until(lambda: TOLD_AT.search(panel.log.read_text()))
        port = int(TOLD_AT.search(panel.log.read_text())[1])
        urlopen(f"http://127.0.0.1:{panel.port}/health/live", timeout=LONGEST).close()
        wait_until(lambda: numbers_at(port).get(("panel_requests_total", "200 /health/live GET")))
        metrics = numbers_at(port)
        assert metrics["panel_threads", ""] == server.THREADS
        assert metrics["panel_threads_busy", ""] <= server.THREADS
        assert metrics["panel_requests_waiting", ""] == 0
        assert metrics["panel_database_up", "sqlite"] == 1
        assert metrics["process_resident_memory_bytes", ""] > 0
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{panel.port}/metrics", timeout=LONGEST)
        panel.process.send_signal(signal.SIGTERM)
        assert panel.process.wait(LONGEST) == 0
    database.initialize(previous)
    database.connect()


def numbers_at(port: int) -> Numbers:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=LONGEST) as answer:
        return numbers(answer.read().decode())


@pytest.mark.only("sqlite")
@pytest.mark.slow("a start of its own")
def test_a_start_whose_port_is_taken_ends_with_one_and_its_sentence(office: Office) -> None:
    database.close_all()
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, said = outcome(office.path, METRICS_PORT=str(other.getsockname()[1]))
    database.connect()
    assert (code, said.count("\n"), "METRICS_PORT" in said) == (1, 1, True)
