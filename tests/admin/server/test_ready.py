"""/health/ready: 503 with what has failed, for anybody, at once, and however often it is asked."""

import threading
from typing import Any

import pytest

from admin.server import health
from admin.server.health import Watch
from models.office.people import today
from models.office.settings import BACKUP_PLACE, store_setting
from models.operations import checks
from models.release import version
from models.store import installation
from models.store.base import database
from tests.admin.doors import Visitor, panel_on
from tests.office import Office
from tests.patience import LONGEST

pytestmark = pytest.mark.only("sqlite")


@pytest.fixture
def stranger(office: Office) -> Any:
    previous = database.obj
    checks._latest.clear()  # the clock of another test may be ahead
    yield Visitor(panel_on(office.path))
    database.initialize(previous)


def test_a_panel_without_a_fault_is_ready(stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CHECKS", ())
    answer = stranger.get("/health/ready")
    assert (answer.status_code, answer.json) == (200, {"siap": True, "gangguan": {}, "versi": version()})
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_has_failed_is_named(stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = checks.Check("disk", lambda place: "Penuh.", asks_database=False)
    monkeypatch.setattr(checks, "CHECKS", (failed, *checks.CHECKS[2:]))
    answer = stranger.get("/health/ready")
    assert (answer.status_code, answer.json) == (
        503,
        {"siap": False, "gangguan": {"disk": "Penuh."}, "versi": version()},
    )


def test_the_version_is_shown_only_to_requests_from_the_server_itself(stranger: Visitor) -> None:
    assert stranger.get("/health/ready").json["versi"] == version()
    afar = stranger.get("/health/ready", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert afar.json.keys() == {"siap", "gangguan"}


def test_a_database_that_is_away_is_no_error_page(stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.obj, "connect", lambda **_: (_ for _ in ()).throw(checks.DATABASE_ERRORS[0]("away")))
    answer = stranger.get("/health/ready")
    assert (answer.status_code, answer.json["gangguan"]["database"]) == (503, checks.AWAY)


def test_a_panel_that_cannot_read_what_it_is_counts_as_a_copy_and_fails_nowhere(
    office: Office, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after the right to its file was taken away while it serves."""
    monkeypatch.setattr(health, "FAULTS_CACHED", -1.0)
    store_setting(BACKUP_PLACE, str(office.path.parent), today())
    (office.path.parent / installation.STATUS_FILE).mkdir()
    page = stranger.get("/masuk")
    assert (page.status_code, "SALINAN, BELUM DIPUTUSKAN" in page.text) == (200, True)
    assert "backup" not in stranger.get("/health/ready").json["gangguan"]
    (office.path.parent / installation.STATUS_FILE).rmdir()
    (office.path.parent / installation.STATUS_FILE).write_bytes(b"\xff")
    assert installation.status(office.path.parent) == installation.RESTORED


def test_however_many_ask_the_checks_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()
    watch = Watch(lambda: asked.append(1) or {})
    assert [watch.faults() for _ in range(50)] == [{}] * 50
    assert len(asked) == 1
    monkeypatch.setattr(health, "FAULTS_CACHED", -1.0)
    watch.faults()
    assert len(asked) == 2


def test_checks_that_do_not_come_back_are_not_waited_for_and_never_begun_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    monkeypatch.setattr(health, "FAULTS_CACHED", -1.0)
    gate, begun = threading.Event(), list[int]()
    watch = Watch(lambda: begun.append(1) or (gate.wait(LONGEST) and {}))
    assert [watch.faults() for _ in range(5)] == [{"database": health.LATE}] * 5
    assert len(begun) == 1
    gate.set()
