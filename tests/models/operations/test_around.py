"""What lies around the panel is really asked: a TLS server for its certificate, systemd's client for its stamp."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.operations import environment_checks
from models.store.base import now
from tests.models.email.taker import certificates, shut, silent


@pytest.fixture
def https(tmp_path: Path) -> Iterator[int]:
    """The port of a TLS server with a self-signed certificate, which shuts each connection after the greeting."""
    context = certificates(tmp_path).signed("pengaduan.example")
    door = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        with suppress(OSError):
            while True:
                line, _ = door.accept()
                with suppress(OSError), context.wrap_socket(line, server_side=True) as closed:
                    closed.recv(1)

    thread = threading.Thread(target=greet, name="https of a test")
    thread.start()
    yield door.getsockname()[1]
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def test_the_end_of_a_certificate_is_read_without_verifying_its_issuer(https: int) -> None:
    assert environment_checks.certificate_expiry("127.0.0.1", https) == datetime(2120, 1, 1, tzinfo=UTC)


def test_a_name_that_is_not_reached_from_within_is_asked_of_this_server(https: int) -> None:
    assert environment_checks.certificate_expiry("127.0.0.2", https) == datetime(2120, 1, 1, tzinfo=UTC)


def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment_checks, "PATIENCE", 0.05)
    for door in (shut, silent):
        with door() as port:
            assert environment_checks.certificate_expiry("127.0.0.1", port) is None


def test_whether_the_clock_is_synchronised_is_asked_of_the_system_then_of_its_stamp(tmp_path: Path) -> None:
    stamp, at = tmp_path / "synchronized", now()
    assert environment_checks.is_synchronised(at, lambda: "yes", stamp) is True
    assert environment_checks.is_synchronised(at, lambda: "no", stamp) is False
    assert environment_checks.is_synchronised(at, lambda: "", stamp) is None
    stamp.touch()
    for age, in_step in ((timedelta(hours=1), True), (timedelta(hours=25), False)):
        os.utime(stamp, times=((at - age).timestamp(),) * 2)
        assert environment_checks.is_synchronised(at, lambda: "", stamp) is in_step


def test_a_system_without_systemd_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment_checks, "ASKED_OF_SYSTEM", ("/tidak/ada",))
    assert environment_checks._timedatectl() == ""
