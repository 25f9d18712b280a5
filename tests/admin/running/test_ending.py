"""Shutdown: nothing new is taken, what is under way is answered whole, and nothing delays the end for long."""

import select
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from admin.server import shutdown
from models.complaint import event
from tests.admin.case.test_steps import address, typed
from tests.admin.running.process import AS_IT_IS, Browser, answered, line_with, running, said
from tests.admin.serving import ThreadedServer
from tests.office import Office
from tests.patience import LONGEST, wait_until

pytestmark = pytest.mark.only("sqlite")
READINGS, APPROVALS = 59, 20
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.slow("a panel of its own")
def test_fifty_nine_readings_and_twenty_approvals_under_way_are_answered_and_the_panel_ends_with_zero(
    office: Office,
) -> None:
    cases = office.receive(APPROVALS)
    office.bring(cases, "approve")
    with running(office.path) as panel:
        petugas, kadis = Browser(panel.port, "petugas"), Browser(panel.port, "kadis")
        forms = [typed(kadis.text(address("approve", case))) for case in cases]
        begun = line_with(panel.port, petugas.head("/pengaduan/export/csv/"))
        silent = line_with(panel.port, b"")
        lines = [petugas.sent("/pengaduan/") for _ in range(READINGS)]
        lines += [kadis.sent("/pengaduan/langkah/approve/", form) for form in forms]
        select.select(lines, [], [], LONGEST)
        panel.process.send_signal(signal.SIGTERM)
        wait_until(panel.is_shut)
        begun.sendall(b"\r\n")
        assert Counter(code for code, _ in map(answered, lines)) == {200: READINGS, 303: APPROVALS}
        code, text = answered(begun)
        assert (code, text.count("PGD/")) == (200, APPROVALS)
        assert silent.recv(1) == b""
        silent.close()
        assert panel.process.wait(LONGEST) == 0
        assert not said(panel.log, "Traceback|without waiting")
    assert {office.state(case) for case in cases} == {"deliver"}
    assert event.verify()[1] == ""


@pytest.mark.slow("a panel of its own")
def test_a_second_signal_ends_at_once(office: Office) -> None:
    with running(office.path) as panel:
        with line_with(panel.port, b"GET / HTTP/1.1\r\n"):
            panel.process.send_signal(signal.SIGTERM)
            wait_until(panel.is_shut)
            panel.process.send_signal(signal.SIGTERM)
            assert panel.process.wait(LONGEST) == 128 + signal.SIGTERM


@pytest.mark.soak
def test_a_request_that_never_ends_holds_the_end_up_for_half_a_minute_at_most(office: Office) -> None:
    with running(office.path, AS_IT_IS) as panel:
        with line_with(panel.port, b"GET / HTTP/1.1\r\n"):
            begun = time.monotonic()
            panel.process.send_signal(signal.SIGTERM)
            assert panel.process.wait(LONGEST) == 0
            assert time.monotonic() - begun < 30
        assert said(panel.log, "without waiting for 1 connections")


class Small(ThreadedServer):
    """A small app on the panel's server in a thread, to be shut down."""

    def __init__(self, folder: Path) -> None:
        app = Flask("small")
        app.config.update(HOST="127.0.0.1", PORT=0, MAX_CONTENT_LENGTH=1_000, VAR_DIR=folder)
        app.add_url_rule("/", "page", lambda: "whole")
        super().__init__(app)

    def line(self, words: bytes) -> socket.socket:
        return line_with(self.port, words)


def heard(line: socket.socket, end: bytes) -> bytes:
    """What comes on a connection until these last words, or until it is closed."""
    words = b""
    while not (end and words.endswith(end)) and (part := line.recv(4096)):
        words += part
    return words


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = Small(tmp_path)
    yield made
    assert not made.thread.is_alive()


def test_a_persistent_connection_ends_after_its_answer(small: Small) -> None:
    with small.line(GET) as line:
        first = heard(line, b"whole")
        line.sendall(GET[:-2])
        wait_until(lambda: [one for one in small.end.connections if one.request is not None])
        small.end.begin()
        wait_until(lambda: not small.end.listeners)
        line.sendall(GET[-2:])
        last = heard(line, b"")
    assert first.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\nConnection: close\r\n" not in first
    assert b"\r\nConnection: close\r\n" in last
    assert last.endswith(b"whole")
    assert small.finish() == 0


def test_what_hangs_is_left_when_its_time_is_over(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutdown, "ANSWERS", 0.1)
    with small.line(GET[:-2]):
        wait_until(lambda: [one for one in small.end.connections if one.request is not None])
        assert small.finish() == 1


def test_a_silent_client_delays_nothing(small: Small) -> None:
    with small.line(b"") as silent:
        wait_until(lambda: small.end.connections)
        assert small.finish() == 0
        assert silent.recv(1) == b""
