"""Background threads: how often they look when nothing is there, and what counts as use of the panel."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from admin.server.background import QUIET, is_quiet
from models.email import sending
from models.operations import backup_schedule, duties
from models.operations.backup_making import Source
from models.reading import staff_emails
from models.store.base import EMAILS, PRINTING, WorkSignal, database, wake_all
from papers.printing import press
from tests.admin.doors import Visitor
from tests.office import Office, url_of

LEAST = 10  # seconds between two looks at the database


class OneLook(threading.Event):
    """Stops a thread once it waits; how long it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        if len(self.waited) > 1:
            self.set()
        return self.is_set()


def _source(office: Office) -> Source:
    return Source(url_of(office.path), None, office.path.parent, Path())


THREADS: dict[str, Callable[[Office, OneLook], None]] = {
    "press": lambda office, stop: press.run_print_queue(stop),
    "e-mails": lambda office, stop: sending.run_email_queue({}, stop),
    "notices": lambda office, stop: staff_emails.run_staff_emails(stop),
    "backups": lambda office, stop: backup_schedule.run_backup_schedule(_source(office), stop),
    "health": lambda office, stop: duties.run_health_checks(lambda: pytest.fail("nothing is due"), stop),
}


@pytest.mark.parametrize("name", THREADS)
def test_a_thread_without_work_looks_at_most_every_ten_seconds(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    duties.save_findings({}, office.at)
    monkeypatch.setattr(duties, "is_stale", lambda at: False)
    monkeypatch.setattr(WorkSignal, "wait", lambda signal, stop, seconds: not stop.wait(seconds))
    stop = OneLook()
    database.close_all()
    THREADS[name](office, stop)
    assert len(stop.waited) == 2
    assert min(stop.waited) >= LEAST


def test_a_signal_is_sent_by_a_commit_and_not_by_a_rollback(office: Office) -> None:
    signal, go_on = WorkSignal(), threading.Event()
    with database.atomic() as act:
        signal.send_after_commit()
        assert not signal._sent.is_set()
        act.rollback()
    assert not signal._sent.is_set()
    with database.atomic():
        signal.send_after_commit()
    assert signal.wait(go_on)  # at once: the test would not end within its time otherwise
    assert not signal._sent.is_set()


def test_a_waiting_thread_is_woken_to_stop() -> None:
    stop, ended = threading.Event(), threading.Event()

    def work() -> None:
        while PRINTING.wait(stop, 900):
            pass
        ended.set()

    threading.Thread(target=work, daemon=True).start()
    stop.set()
    wake_all()
    assert ended.wait(60)
    EMAILS.wait(threading.Event(), 0)  # nothing is left for another test


def test_requests_for_pages_are_use_and_what_monitoring_asks_is_not(own_panel: Flask) -> None:
    own_panel.extensions["last_request"] = time.monotonic() - QUIET
    assert is_quiet(own_panel)
    visitor = Visitor(own_panel)
    for address in ("/health/live", "/health/ready", "/static/css/panel.css"):
        visitor.get(address).close()
        assert is_quiet(own_panel), address
    visitor.get("/masuk")
    assert not is_quiet(own_panel)
