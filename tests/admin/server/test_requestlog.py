"""The log of requests: a line each with its number, and nothing that anybody has typed."""

import errno
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest
from flask import Flask

from admin.server import errors, logs
from admin.server.logs import QuietFile
from models.store.base import database
from tests.admin.doors import Visitor, panel_on
from tests.office import Office

CANARY = "Kenanga Sekar"


class Full(io.StringIO):
    """What no line fits into."""

    def write(self, line: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def logged(office: Office) -> Iterator[tuple[Flask, Path]]:
    """A panel that logs its requests, and where."""
    previous = database.obj
    app = panel_on(office.path)
    logs.open_request_log(app, "log/permintaan.jsonl")
    yield app, office.path.parent / "log" / "permintaan.jsonl"
    for log in (logs.requests, logs.failures):
        for handler in files(log):
            log.removeHandler(handler)
            handler.close()
        log.setLevel(logging.NOTSET)
    database.close_all()
    database.initialize(previous)


def files(log: logging.Logger = logs.requests) -> list[QuietFile]:
    return [handler for handler in log.handlers if isinstance(handler, QuietFile)]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.only("sqlite")
def test_a_request_leaves_one_line_that_says_who_by_number_and_what_it_cost(
    office: Office, logged: tuple[Flask, Path]
) -> None:
    app, path = logged
    [case] = office.receive(title=CANARY)
    visitor = Visitor(app)
    with visitor.sign_in("petugas") as sent:
        pass
    assert [line["code"] for line in lines(path) if line["verb"] == "POST"] == [sent.status_code] == [303]
    with visitor.get(f"/pengaduan/details/?id={case}&q={CANARY}") as answer:
        assert CANARY in answer.text
    line = lines(path)[-1]
    assert line.keys() == {"at", "id", "who", "verb", "route", "code", "ms", "sql"}
    fields = (line["who"], line["verb"], line["route"], line["code"])
    assert fields == (office["petugas"].id, "GET", "/pengaduan/details/", 200)
    assert line["sql"] > 5
    assert line["ms"] > 0
    assert re.fullmatch(r"\d{4}-\d{4}", line["id"])
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.only("sqlite")
def test_nothing_that_was_typed_or_shown_stands_in_the_log(office: Office, logged: tuple[Flask, Path]) -> None:
    app, path = logged
    office.receive(title=CANARY, persons={"pengadu": {"name": CANARY, "phone": "081234567890"}})
    visitor = Visitor(app)
    visitor.sign_in("petugas", password=CANARY).close()
    visitor.sign_in("petugas").close()
    for address in (f"/cari/?q={CANARY}", f"/{CANARY}", "/cari/?q=081234567890", f"/pengaduan/?search={CANARY}"):
        visitor.get(address).close()
    assert len(lines(path)) > 5
    written = path.read_text()
    assert not [word for word in (*CANARY.split(), "081234567890", "petugas", "Rina") if word in written]


@pytest.mark.only("sqlite")
def test_the_number_on_the_page_of_a_failure_is_that_of_its_line(
    logged: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app, path = logged
    monkeypatch.setattr("admin.sign_in.signin._signin_page", lambda **_: 1 / 0)
    with Visitor(app).client.get("/masuk") as answer:
        [number] = re.findall(r"nomor rujukan (\d{4}-\d{4}) ", answer.text)
    assert (lines(path)[-1]["id"], lines(path)[-1]["code"]) == (number, 500)
    assert [record for record in caplog.records if f"reference {number}" in record.getMessage()]
    assert errors.PAGES[500][0] in answer.text


@pytest.mark.only("sqlite")
def test_a_full_file_is_turned_over_and_the_oldest_goes(
    logged: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, path = logged
    [file] = files()
    monkeypatch.setattr(file, "maxBytes", 400)
    monkeypatch.setattr(file, "backupCount", 2)
    for _ in range(12):
        Visitor(app).get("/health/live").close()
    names = {found.name for found in path.parent.glob(f"{path.name}*")}
    assert names == {path.name, f"{path.name}.1", f"{path.name}.2"}


@pytest.mark.only("sqlite")
def test_a_log_line_that_cannot_be_written_costs_no_answer(
    logged: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app, _ = logged
    [file] = files()
    monkeypatch.setattr(file, "stream", Full())
    assert Visitor(app).get("/health/live").status_code == 200
    assert "Traceback" not in capsys.readouterr().err


def test_switched_off_there_is_no_log(tmp_path: Path) -> None:
    app = Flask("small")
    app.config["VAR_DIR"] = tmp_path
    logs.open_request_log(app, logs.OFF)
    assert [*tmp_path.iterdir()] == []
    assert files() == []


@pytest.mark.only("sqlite")
def test_an_invented_verb_is_not_logged(logged: tuple[Flask, Path]) -> None:
    app, path = logged
    Visitor(app).client.open("/", method="KENANGA").close()
    assert lines(path)[-1]["verb"] == "?"
    assert "KENANGA" not in path.read_text()


@pytest.mark.only("sqlite")
def test_a_failure_leaves_its_number_kinds_and_places_and_nothing_that_it_says(
    logged: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, path = logged

    def fail(**_: object) -> None:
        try:
            int(CANARY)
        except ValueError as cause:
            raise KeyError(CANARY) from cause

    monkeypatch.setattr("admin.sign_in.signin._signin_page", fail)
    with Visitor(app).client.get(f"/masuk?next={CANARY}") as answer:
        [number] = re.findall(r"nomor rujukan (\d{4}-\d{4}) ", answer.text)
    written = path.with_name(logs.NAME)
    [line] = lines(written)
    assert line.keys() == {"at", "id", "kinds", "places"}
    assert (line["id"], line["kinds"]) == (number, ["builtins.KeyError", "builtins.ValueError"])
    assert re.search(r"admin/sign_in/signin\.py:\d+", " ".join(line["places"]))
    assert not [word for word in (*CANARY.split(), "/tmp", "/home", "site-packages") if word in written.read_text()]
    assert written.stat().st_mode & 0o077 == 0


@pytest.mark.only("sqlite")
def test_an_outage_that_heals_shows_no_number_and_both_logs_have_it_under_one_number(
    logged: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, path = logged

    def fail(**_: object) -> None:
        raise peewee.OperationalError("database is locked")

    monkeypatch.setattr("admin.sign_in.signin._signin_page", fail)
    with Visitor(app).client.get("/masuk") as answer:
        assert (answer.status_code, "rujukan" in answer.text) == (503, False)
    [line] = lines(path.with_name(logs.NAME))
    assert (line["id"], line["kinds"]) == (lines(path)[-1]["id"], ["peewee.OperationalError"])
