"""How long, how large and how much at once a request may be, and what the one too many reads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, session

from admin.server import errors, rate_limits
from admin.server.rate_limits import Bounds, Room
from admin.sign_in import signin
from models.office.people import User
from models.store.base import database
from tests.admin.doors import Visitor, signed_in, words
from tests.office import Office
from tests.patience import LONGEST

pytestmark = pytest.mark.only("sqlite")  # about HTTP; the database has no part in it

MEGA = 1024 * 1024


@pytest.mark.parametrize(
    "path", ["/pengaduan/?search=" + "x" * 60_000, "/" + "x" * 5_000, "/masuk?next=/" + "%2f" * 5_000]
)
@pytest.mark.parametrize("username", ["petugas", None])
def test_an_address_too_long_gets_a_page_with_a_way_on(panel: Flask, path: str, username: str | None) -> None:
    visitor = signed_in(panel, username) if username else Visitor(panel)
    answer = visitor.get(path)
    assert answer.status_code == 414
    assert errors.PAGES[414][0] in answer.text
    assert 'href="/"' in answer.text


def test_two_hundred_complaints_still_fit_in_an_address(at: Any) -> None:
    many = "&".join(f"id={1_000_000_000 + n}" for n in range(200))
    assert at("petugas").get(f"/pengaduan/langkah/raise/?{many}").status_code == 404


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_more_than_the_panel_takes_is_a_413_that_says_how_to_get_the_text_back(
    at: Any, office: Office, kind: str
) -> None:
    visitor, before = at("petugas"), office.digest()
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.token()}\r\n'
    head += '--b\r\nContent-Disposition: form-data; name="story"\r\n\r\n'
    body = head.encode() + b"x" * (3 * MEGA) + b"\r\n--b--\r\n"
    answer = visitor.client.post("/pengaduan/new/", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "Tekan Kembali pada peramban" in answer.text
    assert "Menu utama" in answer.text
    assert office.digest() == before


def test_a_request_that_is_not_signed_in_may_send_enough_to_sign_in_and_no_more(stranger: Visitor) -> None:
    token = stranger.token()
    answer = stranger.client.post("/masuk", data={"csrf_token": token, "username": "x" * rate_limits.ANONYMOUS_BODY})
    assert answer.status_code == 413
    assert errors.EXPIRED[0] in answer.text  # most likely somebody whose session has ended


def test_a_script_of_ours_gets_the_same_in_json(at: Any) -> None:
    visitor = at("petugas")
    for path, code in {"/tidak-ada": 404, "/keluar": 405, "/pengguna/": 403}.items():
        answer = visitor.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json["code"]) == (code, code)
        assert answer.json["heading"] == errors.PAGES[code][0]
    refused = visitor.client.post("/keluar", headers={"Accept": "application/json"})
    assert refused.json == {"code": 400, "heading": errors.EXPIRED[0], "sentence": errors.EXPIRED[1]}


def test_a_user_who_costs_too_much_is_asked_to_wait_and_no_other(panel: Flask, at: Any, office: Office) -> None:
    [case] = office.receive()
    visitor, who = at("petugas"), str(User.get(username="petugas").id)
    room = panel.extensions["costly"] = Room(Bounds(share=0.0, slowed=1))
    seat = room.enter(who)
    for path in (
        "/pengaduan/export/csv/",
        "/pengaduan/?search=bantuan",
        "/cari/?q=bantuan",
        "/temukan/?q=bantuan",
        f"/dokumen/konsep/{case}/lembar_disposisi.pdf",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 429, path
        assert int(answer.headers["Retry-After"]) == rate_limits.SOON
        assert errors.PAGES[429][0] in answer.text
    assert visitor.get("/pengaduan/").status_code == 200
    assert at("petugas2").get("/pengaduan/export/csv/").status_code == 200
    seat.leave()
    assert visitor.get("/pengaduan/export/csv/").status_code == 200


@pytest.mark.parametrize("path", ["/pengaduan/export/csv/", "/pengaduan/?search=x", "/dokumen/tidak-ada.pdf"])
def test_every_seat_is_given_up_whether_the_answer_is_read_or_not(panel: Flask, at: Any, path: str) -> None:
    visitor, room = at("petugas"), panel.extensions["costly"]
    visitor.get(path).close()
    assert len(room) == 0
    visitor.client.head(path).close()
    assert len(room) == 0
    visitor.client.post("/dokumen/action/", data={"action": "merge"})  # refused before it begins
    assert len(room) == 0


class Gate:
    """A hasher whose work is never done until the gate opens; counts what was begun and what ran at one time."""

    def __init__(self) -> None:
        self.begun = self.running = self.most = self.refused = 0
        self.opened, self.lock = threading.Event(), threading.Lock()

    def verify(self, *_: str) -> bool:
        with self.lock:
            self.begun += 1
            self.running += 1
            self.most = max(self.most, self.running)
        self.opened.wait(LONGEST)
        with self.lock:
            self.running -= 1
        raise signin.VerificationError

    def count(self, answer: Any) -> None:
        """At the 196th refusal, what was begun until then is recorded, and the gate opens."""
        with self.lock:
            self.refused += answer.status_code == 429
            if self.refused >= 196 and not self.opened.is_set():
                self.begun_until_then = self.begun
                self.opened.set()


def test_two_hundred_at_the_door_cost_two_hashes_at_a_time_and_one_sentence(
    panel: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    monkeypatch.setattr(signin, "_hasher", gate)
    visitors = [(one, one.token()) for one in (Visitor(panel) for _ in range(8))]
    refused: list[Any] = []

    def knock(visitor: Visitor, token: str) -> None:
        while not gate.opened.is_set():
            answer = visitor.client.post(
                "/masuk", data={"csrf_token": token, "username": "petugas", "password": "salah"}
            )
            refused.extend([answer] if answer.status_code == 429 else [])
            gate.count(answer)
        database.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda pair: knock(*pair), visitors))
    assert gate.begun_until_then == gate.most == rate_limits.HASHING
    assert signin.CROWDED in words(refused[0].text)
    assert 'value="petugas"' in refused[0].text
    assert int(refused[0].headers["Retry-After"]) == signin.SOON


@pytest.mark.parametrize("known", [True, False], ids=["signed in", "stranger"])
@pytest.mark.parametrize("kind", [rate_limits.FILES, "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", ["/pengaduan/impor/", "/pengaduan/impor/kolom/"])
def test_a_large_body_is_a_file_sent_to_the_importer_by_a_signed_in_user(
    panel: Flask, path: str, kind: str, known: bool
) -> None:
    with panel.test_request_context(path, method="POST", content_type=kind):
        session.update({"_user_id": "1.x"} if known else {})
        longest = rate_limits._longest_body(0)
    files, table = kind == rate_limits.FILES, not path.endswith("/kolom/")
    usual = panel.config["MAX_CONTENT_LENGTH" if files else "MAX_FORM_MEMORY_SIZE"]
    expected = rate_limits.OF_TABLE if files and table else usual
    assert longest == (expected if known else rate_limits.ANONYMOUS_BODY)
    assert usual < rate_limits.OF_TABLE
