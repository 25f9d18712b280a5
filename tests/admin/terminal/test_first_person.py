"""The first administrator comes in by a one-time link; until then the panel holds nothing, then the page is gone."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from admin.terminal import commands
from admin.terminal.first_administrator import ADDRESS, GONE, THERE
from models import schema
from models.office.people import User
from models.operations.backup_making import Source
from models.operations.restore import refuse_not_empty
from models.sign_in import password_links
from models.sign_in.password_links import NAME, make_first_link
from models.sign_in.sign_in_attempts import ANY_NAME_AT_PLACE
from models.store.base import database, now
from models.workflow.proof import broken_rows
from sop.access import ADMIN
from tests.admin.doors import Visitor, shared_panel_on, words
from tests.office import dropped, empty, leave_key, owner_url_of, url_of

PASSWORD = "kuda biru makan awan"
TYPED = {"name": "Budi Santoso", "username": "budi", "password": PASSWORD, "repeat": PASSWORD}


@pytest.fixture
def path(engine: str, tmp_path: Path) -> Iterator[Path]:
    """A database with tables and nothing in them."""
    path = empty(tmp_path, engine)
    leave_key(tmp_path)
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    yield path
    dropped(path)


@pytest.fixture
def bare(path: Path) -> Iterator[Flask]:
    """The panel before anybody has come in."""
    before = database.obj
    yield shared_panel_on(path)
    database.close_all()
    database.initialize(before)


def opened_by(visitor: Visitor, token: str) -> Any:
    """The page as the browser shows it after the address was opened."""
    return visitor.get(f"{ADDRESS}?kode={token}", follow_redirects=True)


def people() -> int:
    with database.connection_context():
        return int(User.select().count())


def test_the_holder_of_the_link_registers_once_and_sees_what_must_be_filled_in(bare: Flask, path: Path) -> None:
    token, newcomer = make_first_link(path.parent), Visitor(bare)
    assert "belum mempunyai pengguna" in words(opened_by(newcomer, token).text)
    answer = newcomer.post(ADDRESS, **TYPED)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Wajib diisi" in newcomer.text("/")
    with database.connection_context():
        [person] = User.select()
        assert (person.username, person.name, person.role) == ("budi", "Budi Santoso", ADMIN)
        assert list(broken_rows()) == []
    assert schema.in_use(url_of(path))
    assert not (path.parent / NAME).exists()
    for visitor in (newcomer, Visitor(bare)):
        for answer in (visitor.get(ADDRESS), visitor.get(f"{ADDRESS}?kode={token}"), visitor.post(ADDRESS, **TYPED)):
            assert answer.status_code == 404
            assert "Pengelola pertama sudah terdaftar" in words(answer.text)
            assert 'href="/masuk"' in answer.text
    make_first_link(path.parent)  # not even a file laid there by hand opens it again
    assert Visitor(bare).post(ADDRESS, **TYPED).status_code == 404
    assert people() == 1
    assert Visitor(bare).sign_in("budi", PASSWORD).status_code == 303


@pytest.mark.only("sqlite")
def test_a_slip_is_named_at_its_field_and_loses_nothing_that_was_typed(bare: Flask, path: Path) -> None:
    newcomer = Visitor(bare)
    opened_by(newcomer, make_first_link(path.parent))
    answer = newcomer.post(ADDRESS, name="Budi Santoso", username="B", password="budisantoso1", repeat="lain")
    assert answer.status_code == 422
    assert 'value="Budi Santoso"' in answer.text
    said = words(answer.text)
    for sentence in ("sedikitnya 3, tanpa spasi", "hampir hanya berisi nama", "Kedua isian kata sandi tidak sama"):
        assert sentence in said
    assert newcomer.post(ADDRESS, **{**TYPED, "name": " "}).status_code == 422
    assert newcomer.post(ADDRESS, **{**TYPED, "name": "x" * 121}).status_code == 422
    assert people() == 0
    assert newcomer.post(ADDRESS, **TYPED).status_code == 303


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("how", ["none", "unknown", "replaced", "too old", "spoiled"])
def test_a_link_that_does_not_serve_says_one_sentence_whatever_the_reason(
    bare: Flask, path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, visitor = make_first_link(path.parent), Visitor(bare)
    if how == "replaced":
        make_first_link(path.parent)
    elif how == "too old":
        monkeypatch.setattr(password_links, "now", lambda: now() + timedelta(hours=25))
    elif how == "spoiled":
        (path.parent / NAME).write_text("[]")
    answer = visitor.get(ADDRESS) if how == "none" else opened_by(visitor, "x" if how == "unknown" else token)
    assert answer.status_code == 404
    assert words(GONE) in words(answer.text)
    assert visitor.post(ADDRESS, **TYPED).status_code == 404
    assert people() == 0


@pytest.mark.only("sqlite")
def test_a_wrong_link_leaves_the_good_one_that_the_browser_holds(bare: Flask, path: Path) -> None:
    old = make_first_link(path.parent)
    token, newcomer = make_first_link(path.parent), Visitor(bare)
    opened_by(newcomer, token)
    for wrong in (old, "x"):
        assert words(GONE) in words(opened_by(newcomer, wrong).text)
    assert newcomer.get(ADDRESS).status_code == 200
    assert newcomer.post(ADDRESS, **TYPED).status_code == 303


@pytest.mark.only("sqlite")
def test_guessing_links_waits_as_at_the_sign_in(bare: Flask, path: Path) -> None:
    token, guesser = make_first_link(path.parent), Visitor(bare)
    codes = [opened_by(guesser, f"tebakan{count}").status_code for count in range(ANY_NAME_AT_PLACE.free)]
    assert codes[0] == 404
    assert codes[-1] == 429
    assert opened_by(guesser, token).status_code == 429  # the right one as well, until the wait is over
    assert opened_by(Visitor(bare, REMOTE_ADDR="192.0.2.9"), token).status_code == 200


@pytest.mark.slow("two at the same moment, each hashing")
def test_of_two_that_send_at_the_same_moment_one_comes_in(bare: Flask, path: Path) -> None:
    token = make_first_link(path.parent)
    two = [Visitor(bare), Visitor(bare)]
    for one in two:
        opened_by(one, token)
    sent = [
        {"csrf_token": one.token(), **TYPED, "username": name} for one, name in zip(two, ("budi", "siti"), strict=True)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one, fields: one.client.post(ADDRESS, data=fields), two, sent))
    assert sorted(answer.status_code for answer in answers) == [303, 404]
    assert "Pengelola pertama sudah terdaftar" in next(words(one.text) for one in answers if one.status_code == 404)
    assert people() == 1


@pytest.mark.only("sqlite")
def test_the_link_is_printed_on_the_terminal_and_stored_as_a_hash_alone(bare: Flask, path: Path) -> None:
    bare.config.update(PROXIES=1, TRUSTED_HOSTS=["pengaduan.example", "localhost"])
    result = bare.test_cli_runner().invoke(args=["first-link"])
    assert result.exit_code == 0, result.output
    [link] = [line for line in result.output.splitlines() if line.startswith("http")]
    begin, _, token = link.partition("?kode=")
    assert begin == f"https://pengaduan.example{ADDRESS}"
    assert "▄" in result.output  # the QR code
    file = path.parent / NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert token not in file.read_text()
    newcomer = Visitor(bare)
    opened_by(newcomer, token)
    assert newcomer.post(ADDRESS, **TYPED).status_code == 303
    assert bare.test_cli_runner().invoke(args=["first-link"]).output == f"{THERE}\n"
    assert not file.exists()


@pytest.mark.only("sqlite")
def test_the_first_user_of_the_terminal_brings_the_masters_along_too(bare: Flask, path: Path) -> None:
    asked = ["create-user", "budi", "--name", "Budi Santoso", "--role", ADMIN, "--password", PASSWORD]
    result = bare.test_cli_runner().invoke(args=asked)
    assert result.exit_code == 0, result.output
    assert schema.in_use(url_of(path))


def test_until_a_user_has_registered_the_panel_is_served_and_a_backup_may_still_be_restored(
    bare: Flask, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    database.close_all()
    assert commands.prepare_office(bare) == commands.NO_USERS
    make_first_link(path.parent)
    assert commands.prepare_office(bare) == ""
    assert "tautan sekali pakai" in Visitor(bare).text("/masuk")
    assert not schema.in_use(url_of(path))
    if path.suffix == ".sqlite":
        refuse_not_empty(Source(url_of(path), owner_url_of(path), path.parent))
