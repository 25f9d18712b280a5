"""When something cannot be had: the page's code, its words, and its way on."""

import errno
import re

import peewee as pw
import pytest
from flask import abort
from peewee import sqlite3
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from admin.door import gate
from admin.server import errors
from models.case.attachments import record_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.store.base import database
from models.store.outage import Outage
from models.workflow.write import ConcurrentUpdate
from sop.clock import HoursUnknown
from tests.admin.doors import Visitor, panel_on, signed_in, words
from tests.office import Office


def fail(name: str) -> str:
    """A page that cannot be had, by the name of its failure."""
    if name.isdigit():
        abort(int(name))
    raise {
        "overtaken": ConcurrentUpdate(),
        "hours": HoursUnknown(),
        "locked": pw.OperationalError("database is locked: SELECT * FROM secret_table"),
        "gone": pw.InterfaceError("connection lost"),
        "full": pw.OperationalError("database or disk is full: secret_table"),
        "disk": OSError(errno.ENOSPC, "No space left on device"),
        "lacking": pw.OperationalError("no such column: secret_table.x"),
        "undefined": pw.ProgrammingError('relation "secret_table" does not exist'),
        "integrity": pw.IntegrityError("UNIQUE constraint failed: secret_table.x"),
        "raw": sqlite3.OperationalError("no such table: secret_table"),
        "raw_locked": sqlite3.OperationalError("database is locked"),
        "bug": KeyError("secret_table"),
        "large": RequestEntityTooLarge(),
        "often": TooManyRequests(retry_after=60),
        "said": None,
    }[name] or abort(409, "Pengaduan ini sudah disetujui.")


def fail_afterwards(name: str) -> str:
    """The same after something has been changed, and the history has an entry."""
    person = User.get(User.username == "petugas")
    with database.atomic():
        record_edit(person, ["Nama"], by=viewer(person))
    return fail(name)


@pytest.fixture
def panel(office: Office, monkeypatch):
    monkeypatch.setattr(gate, "OPEN", gate.OPEN | {"gagal", "sesudah"})
    previous = database.obj
    app = panel_on(office.path)
    app.add_url_rule("/gagal/<name>", "gagal", fail)
    app.add_url_rule("/gagal/<name>/sesudah", "sesudah", fail_afterwards, methods=["POST"])
    yield app
    database.close_all()
    database.initialize(previous)


CODES = {
    "400": 400,
    "403": 403,
    "404": 404,
    "409": 409,
    "413": 413,
    "429": 429,
    "500": 500,
    "503": 503,
    "418": 418,
    "overtaken": 409,
    "locked": 503,
    "gone": 503,
    "full": 503,
    "disk": 503,
    "lacking": 500,
    "undefined": 500,
    "integrity": 500,
    "raw": 500,
    "raw_locked": 503,
    "bug": 500,
    "large": 413,
    "often": 429,
    "said": 409,
}


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("username", ["petugas", None])
def test_every_failure_is_a_page_of_ours_with_a_way_on(panel, name, username):
    visitor = signed_in(panel, username) if username else Visitor(panel)
    answer = visitor.get(f"/gagal/{name}")
    assert answer.status_code == CODES[name]
    assert 'lang="id"' in answer.text
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text
    assert "secret_table" not in answer.text
    framed = username is not None and CODES[name] not in errors.WITHOUT_FRAME
    assert ("Menu utama" in answer.text) == framed


def test_our_own_sentence_is_shown_and_the_library_s_never(panel):
    visitor = Visitor(panel)
    assert "Pengaduan ini sudah disetujui." in visitor.get("/gagal/said").text
    for name in ("400", "404", "409", "large"):
        assert not {"The", "was", "browser"} & set(words(visitor.get(f"/gagal/{name}").text).split())


def test_the_page_for_another_verb_says_which_are_allowed(stranger):
    answer = stranger.get("/keluar")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_too_often_and_busy_say_when_to_come_back(panel):
    assert Visitor(panel).get("/gagal/often").headers["Retry-After"] == "60"
    assert Visitor(panel).get("/gagal/locked").headers["Retry-After"] == "5"


def test_a_page_that_was_open_too_long_says_that_what_was_typed_is_not_lost(at):
    visitor = at("petugas")
    answer = visitor.client.post("/keluar", data={"csrf_token": "old"})
    assert answer.status_code == 400
    assert errors.EXPIRED[0] in answer.text
    assert "Kembali pada peramban" in answer.text
    assert visitor.get("/").status_code == 200


def test_a_database_that_is_gone_is_a_503_and_comes_back_by_itself(at, monkeypatch):
    visitor = at("petugas")
    with monkeypatch.context() as broken:
        broken.setattr(database.obj, "connect", lambda **_: (_ for _ in ()).throw(pw.OperationalError("disk I/O")))
        for path in ("/", "/masuk", "/tidak-ada"):
            answer = visitor.get(path)
            assert answer.status_code == 503
            assert errors.OUTAGES[Outage.AWAY][0] in answer.text
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize(
    ("name", "outage"),
    {
        "locked": Outage.BUSY,
        "raw_locked": Outage.BUSY,
        "gone": Outage.AWAY,
        "full": Outage.FULL,
        "disk": Outage.FULL,
    }.items(),
)
def test_busy_away_and_full_have_different_pages(panel, name, outage):
    answer = Visitor(panel).get(f"/gagal/{name}")
    assert answer.headers["Retry-After"] == "5"
    assert errors.OUTAGES[outage][0] in answer.text
    others = {words[0] for other, words in errors.OUTAGES.items() if other is not outage}
    assert [heading for heading in others if heading in answer.text] == []
    assert "rujukan" not in answer.text


@pytest.mark.parametrize("name", ["locked", "full", "disk", "gone", "hours", "overtaken"])
def test_what_was_saved_before_a_failure_is_not_denied(at, name):
    """A page that fails after its act: by what it asks, writes or draws besides."""
    visitor = at("petugas")
    denied = {"belum tersimpan", "tidak ada yang tersimpan", "Belum ada yang berubah"}
    said = words(visitor.post(f"/gagal/{name}/sesudah").text)
    assert errors.SAVED[0] in said
    assert [sentence for sentence in denied if sentence in said] == []
    assert errors.SAVED[0] not in visitor.get(f"/gagal/{name}").text  # of a request that has changed nothing


@pytest.mark.parametrize("name", ["lacking", "undefined", "integrity", "raw", "bug"])
def test_every_other_fault_has_a_number_on_the_page_and_in_the_log(panel, name, caplog):
    answer = Visitor(panel).get(f"/gagal/{name}")
    [number] = re.findall(r"nomor rujukan (\d{4}-\d{4}) ", answer.text)
    assert [r.getMessage() for r in caplog.records if number in r.getMessage()] == [
        f"reference {number}: exception on /gagal/{name} [GET]"
    ]
    assert "Retry-After" not in answer.headers
    script = Visitor(panel).get(f"/gagal/{name}", headers={"Accept": "application/json"}).json
    assert "rujukan" in script["sentence"]
    assert number not in script["sentence"]


def test_the_process_says_that_it_lives_to_anybody_and_without_the_database(panel, stranger, monkeypatch):
    monkeypatch.setattr(database.obj, "connect", lambda **_: pytest.fail("asked the database"))
    answer = stranger.get("/health/live")
    assert (answer.status_code, answer.text) == (200, "hidup")
