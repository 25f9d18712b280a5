"""By which names the panel answers: the configured ones, and no other."""

import logging

import pytest
from flask import Flask

from admin.server import errors
from app import defaults
from tests.admin.doors import Visitor, panel_on, words
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")  # about HTTP; the database has no part in it


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000", "127.0.0.1:8123"])
def test_by_its_own_names_the_panel_answers_on_any_port(panel: Flask, host: str) -> None:
    assert Visitor(panel).get("/masuk", base_url=f"http://{host}").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "localhost:99999",
        "localhost@evil.example",
        "[::1]",
        "a b",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/masuk", "/", "/sop", "/static/css/panel.css", "/tidak-ada", "/health/live"])
def test_by_any_other_name_it_says_so_in_one_page(
    panel: Flask, host: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = Visitor(panel).client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert errors.UNKNOWN_HOST[0] in answer.text
    assert "TRUSTED_HOSTS" not in answer.text
    assert host not in answer.text
    assert "TRUSTED_HOSTS" in caplog.text
    assert "x" * 101 not in caplog.text
    assert "Location" not in answer.headers
    assert "Content-Security-Policy" in answer.headers


def test_nothing_is_done_for_who_calls_it_by_another_name(panel: Flask, office: Office) -> None:
    visitor, before = Visitor(panel), office.digest()
    token = visitor.token()
    answer = visitor.client.post("/masuk", data={"csrf_token": token, "username": "petugas"}, headers={"Host": "evil"})
    assert answer.status_code == 400
    assert office.digest() == before


def test_the_names_that_are_set_are_the_only_ones(panel: Flask, office: Office) -> None:
    visitor = Visitor(panel_on(office.path, TRUSTED_HOSTS=["panel.dinsos.example", ".lan"]))
    for host, code in {"panel.dinsos.example": 200, "loket.lan": 200, "localhost": 400, "lan.example": 400}.items():
        assert visitor.get("/masuk", base_url=f"http://{host}").status_code == code, host


def test_the_page_for_another_name_says_what_to_do(stranger: Visitor) -> None:
    page = stranger.client.get("/", headers={"Host": "192.168.1.20:8000"}).text
    assert "alamat yang diberikan pengelola sistem" in words(page)
    assert "href" not in page


@pytest.mark.parametrize(
    ("written", "read"), [(" panel.example , .lan,", ["panel.example", ".lan"]), ("", None), (" , ", None)]
)
def test_an_empty_list_of_names_never_means_any_name(
    monkeypatch: pytest.MonkeyPatch, written: str, read: list[str] | None
) -> None:
    monkeypatch.setenv("TRUSTED_HOSTS", written)
    assert defaults()["TRUSTED_HOSTS"] == read


def test_where_it_listens_is_one_of_its_names(panel: Flask, office: Office) -> None:
    app = panel_on(office.path, HOST="10.1.2.3")
    assert Visitor(app).get("/masuk", base_url="http://10.1.2.3:8000").status_code == 200
