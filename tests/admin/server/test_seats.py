"""All that makes a thread wait long is declared, has a seat, and one person's flood of it delays no other user."""

import http.client
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from subprocess import CompletedProcess
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import encode_multipart

from admin.door.gate import READS
from admin.papers import drafts
from admin.server import rate_limits
from admin.server.rate_limits import Bounds, Room
from admin.sign_in import signin
from admin.sign_in.password_link_page import ADDRESS
from models.imports.batches import AwaitingFile, store_waiting_file
from models.imports.refused import CROWDED as TABLE_CROWDED
from models.office.lists import Medium
from models.office.people import today
from models.sign_in.password_links import make_link
from models.sign_in.sign_in_attempts import FailedTries
from models.store import resource_limits, uploads
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.admin.forms import save
from tests.admin.office.test_settings import new
from tests.admin.papers.test_attachments import chosen, intake_of, received
from tests.admin.serving import ThreadedServer
from tests.models.store.hostile_files import picture
from tests.office import PASSWORD, Office
from tests.patience import LONGEST, wait_until

pytestmark = pytest.mark.only("sqlite")  # about threads; the database has no part in it

At = Callable[[str], Visitor]
Ask = Callable[..., tuple[int, str]]
NEW = "kuda biru makan awan"
OWN = {"old": PASSWORD, "password": NEW, "repeat": NEW}


# What is not declared


def printed(visitor: Visitor) -> Any:
    return visitor.get("/sop/lembar.pdf")


def hashed(visitor: Visitor) -> Any:
    return visitor.post("/akun/", **OWN)


def examined(visitor: Visitor) -> Any:
    return received(visitor, chosen(("rumah.jpg", picture())))


@pytest.mark.parametrize(("work", "ask"), [("print", printed), ("hash", hashed), ("file", examined)])
def test_work_that_a_route_has_not_declared_is_not_begun(
    at: At, work: str, ask: Callable[[Visitor], Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = at("petugas")
    monkeypatch.setattr(rate_limits, "cost_of", lambda *_: READS)
    with caplog.at_level(logging.ERROR):
        assert ask(visitor).status_code == 500
    assert f"does {work} and does not say so" in caplog.text


# Who finds no seat reads it on the page, and need not type again


def test_a_full_room_loses_nothing_that_was_typed(panel: Flask, at: At, office: Office) -> None:
    petugas, admin, stranger = at("petugas"), at("admin"), Visitor(panel)
    stranger.get(f"{ADDRESS}?kode={make_link(office['kadis'], by=office['admin'])}")
    panel.extensions["costly"] = panel.extensions["at_the_door"] = Room(Bounds(share=0.0, slowed=0))
    two = chosen(("rumah.jpg", picture()), ("dapur.jpg", picture()))
    sent = received(petugas, two, asks="Penjelasan tertulis.")
    assert (sent.status_code, words(sent.text).count(uploads.CROWDED.capitalize())) == (422, 2)  # above, and there
    assert "Penjelasan tertulis." in sent.text
    answer = petugas.post("/akun/", **OWN)
    assert (answer.status_code, signin.CROWDED in words(answer.text)) == (422, True)
    assert not any(row.count for row in FailedTries.select())  # no guess was counted
    answer = stranger.post(ADDRESS, password=NEW, repeat=NEW)
    assert (answer.status_code, signin.CROWDED in words(answer.text)) == (422, True)
    waiting = store_waiting_file(b"a;b\nc;d", "lapor.csv", "WIB", ["a", "b"], office["petugas"], now())
    columns = {"berkas": waiting.public_id, "nama": "Susunan kita", "story": "a", "day": "b", "media": Medium.get().id}
    answer = petugas.post("/pengaduan/impor/kolom/", **columns)
    assert (answer.status_code, TABLE_CROWDED in words(answer.text)) == (422, True)
    assert "Susunan kita" in answer.text
    assert AwaitingFile.select().exists()
    answer = save(admin, new("office.address"), value="Jalan Baru 7", valid_from=str(today()))
    assert drafts.CROWDED in words(answer.text)
    assert "Jalan Baru 7" in answer.text


# One person's flood, over the server itself


class Gate:
    """Work that has begun and is not done until the gate opens."""

    def __init__(self) -> None:
        self.begun, self.opened, self._lock = 0, threading.Event(), threading.Lock()

    def wait(self) -> None:
        with self._lock:
            self.begun += 1
        self.opened.wait(LONGEST)

    def verify(self, *_: str) -> bool:
        self.wait()
        raise signin.VerificationError

    def run(self, *_: object, **__: object) -> CompletedProcess[bytes]:
        self.wait()
        return CompletedProcess([], 0, b"+image/jpeg\n" + picture())


@pytest.fixture
def ask(panel: Flask) -> Iterator[Ask]:
    """Somebody's request over a socket: its code."""
    panel.config.update(PORT=0)
    panel.extensions["costly"] = Room(Bounds(patience=LONGEST))
    running = ThreadedServer(panel)

    def asked(visitor: Visitor, path: str, sent: tuple[str, bytes] | None = None) -> tuple[int, str]:
        cookie = visitor.client.get_cookie(panel.config["SESSION_COOKIE_NAME"])
        boundary, body = sent or ("", None)
        line = http.client.HTTPConnection("127.0.0.1", panel.config["PORT"], timeout=LONGEST)
        head = {"Cookie": f"panel={cookie.value}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        line.request("POST" if sent else "GET", path, body, head)
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()
        return answer.status, words(page)

    yield asked
    assert running.finish() == 0


def own_password(visitor: Visitor) -> dict[str, Any]:
    return {"csrf_token": visitor.token(), **OWN}


def with_picture(visitor: Visitor) -> dict[str, Any]:
    return intake_of(visitor, chosen(("rumah.jpg", picture())))


FLOODS = {
    "passwords": ("/akun/", own_password, signin.CROWDED, [422, 422]),
    "evidence": ("/pengaduan/new/", with_picture, uploads.CROWDED.capitalize(), [303, 303]),
}


@pytest.mark.parametrize("what", FLOODS)
def test_of_one_persons_flood_one_is_done_one_waits_and_the_others_go_on(
    at: At, ask: Ask, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten at once are more than the server has threads: each of them would wait for the same two that work."""
    path, fields_for, sentence, codes = FLOODS[what]
    one, other, gate = at("petugas"), at("petugas2"), Gate()
    sent, theirs = encode_multipart(fields_for(one)), encode_multipart(fields_for(other))
    monkeypatch.setattr(signin, "_hasher", gate)
    monkeypatch.setattr(resource_limits.subprocess, "run", gate.run)
    with ThreadPoolExecutor(11) as pool:
        flood = [pool.submit(ask, one, path, sent) for _ in range(10)]
        try:
            wait_until(lambda: sum(each.done() for each in flood) >= 8)
            assert gate.begun == 1
            assert all(
                code == 422 and sentence in page for code, page in (each.result() for each in flood if each.done())
            )
            assert ask(other, "/pengaduan/")[0] == 200
            colleague = pool.submit(ask, other, path, theirs)
            wait_until(lambda: gate.begun == 2)
        finally:
            waiting = [each for each in flood if not each.done()]
            gate.opened.set()
    assert sorted(each.result()[0] for each in waiting) == codes
    assert colleague.result()[0] == codes[0]
