"""The terminal: what a command writes, and to which database."""

import logging
import re
import sys
from io import StringIO
from pathlib import Path

import click
import pytest
from flask import Flask

from admin.door.terminal import without_logging
from admin.sign_in.signin import check_password
from admin.terminal import commands
from app import create_app, defaults, main
from models import schema
from models.office.people import User
from models.operations.duties import DUTIES
from models.release import HOUSE
from models.sign_in.password_links import hash_of, holder_of
from models.sign_in.passwords import OWN
from models.store import installation
from models.store.base import database
from models.workflow.proof import broken_rows, prove_existing_rows
from tests.admin.doors import panel_on
from tests.office import Office, hash_quickly, opened

PARTS = (
    "Pemakaian:",
    "[OPSI] ALAMAT",
    "Galat: Belum ada argumen 'ALAMAT'.",
    "Keterangannya ada pada ",
    "Mengirim surel percobaan",
    "Opsi:",
    "Menampilkan keterangan ini.",
    "Perintah 'beli' tidak dikenal.",
)
ACCEPTED = "kuda biru makan awan"  # a password that the rules take


@pytest.mark.parametrize("url", ["sqlite:///{}", "postgresql://panel@127.0.0.1:1/panel"])
def test_a_start_without_its_database_says_in_indonesian_what_to_look_at(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url.format(tmp_path))  # a folder is no database, and no server listens there
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    previous = database.obj
    assert main([]) == 1
    database.initialize(previous)
    said = capsys.readouterr().err
    assert said.startswith("Basis data tidak dapat dibuka. Periksa alamat, pengguna, dan kata sandi pada DATABASE_URL")
    assert not [word for word in ("unable", "connection", "refused", "server at") if word in said]


@pytest.mark.parametrize("url", ["sqlite:///{}", "postgresql://panel@127.0.0.1:1/panel"])
def test_a_command_without_its_database_says_the_same(url: str, tmp_path: Path) -> None:
    previous = database.obj
    where = {"DATABASE_URL": url.format(tmp_path), "DATABASE_OWNER_URL": None, "VAR_DIR": tmp_path}
    with click.Context(click.Command("verify")), pytest.raises(click.ClickException, match=r"ruang pada disknya"):
        create_app(where)
    database.initialize(previous)


def test_the_first_start_of_the_demo_makes_its_past_and_says_how_long_that_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(commands.demo, "make_demo", lambda **how: asked.update(how))
    monkeypatch.setattr(commands, "hash_password", hash_quickly)
    app = Flask("contoh")
    app.config |= {"DEMO_PASSWORD": ACCEPTED, "VAR_DIR": tmp_path}
    schema.prepare(f"sqlite:///{tmp_path}/demo.sqlite")
    with opened(tmp_path / "demo.sqlite"):
        database.close()
        assert commands.prepare_demo(app) == ""
    installation.leave(Path(app.config["VAR_DIR"]) / commands.LOCK)
    assert asked["past_quarter"] is True
    assert "tiga bulan yang telah lewat; setengah sampai satu menit" in capsys.readouterr().out


@pytest.mark.only("sqlite")
def test_a_second_start_of_the_demo_is_refused_while_the_first_serves_and_sets_no_password(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands.demo, "is_demo", lambda: True)
    monkeypatch.setattr(commands, "hash_password", lambda password: f"of {password}")
    first, second = Flask("contoh"), Flask("contoh")
    for app, password in ((first, "sandi pertama"), (second, "sandi kedua")):
        app.config |= {"DEMO_PASSWORD": password, "VAR_DIR": office.path.parent}
    database.close()
    assert commands.prepare_demo(first) == ""
    assert "sedang berjalan dari folder data ini" in commands.prepare_demo(second)
    database.connect()
    assert {person.password_hash for person in User.select()} == {"of sandi pertama"}
    assert "sandi kedua" not in capsys.readouterr().out
    installation.leave(office.path.parent / commands.LOCK)  # as the end of its process does
    database.close()
    assert commands.prepare_demo(second) == ""
    database.connect()
    installation.leave(office.path.parent / commands.LOCK)


@pytest.mark.slow("fills a demo")
def test_the_demo_is_never_made_in_the_office_s_own_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database.close_all()
    people = len(office.people)
    app = panel_on(office.path)
    said = app.test_cli_runner().invoke(args=["demo", "--now", "2026-11-24T10:00", "--password", "contoh-contoh-1"])
    assert said.exit_code == 0, said.output
    assert Path(database.obj.database) == office.path.parent / "demo.sqlite"
    panel_on(office.path)
    with database.connection_context():
        assert User.select().count() == people
    database.connect()


@pytest.mark.slow("fills a demo")
def test_after_the_demo_the_commands_mean_the_demo_until_the_office_has_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    before = database.obj

    def run(*words: str) -> str:
        said = create_app({"SECRET_KEY": "for tests only"}).test_cli_runner().invoke(args=words)
        assert said.exit_code == 0, said.output
        return said.output

    run("demo", "--now", "2026-11-24T10:00", "--password", "contoh-contoh-1")
    assert "Riwayat utuh – 0 catatan" not in run("verify")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/panel.sqlite")
    run("init")
    monkeypatch.delenv("DATABASE_URL")
    assert "Riwayat utuh – 0 catatan" in run("verify")
    database.initialize(before)


@pytest.mark.parametrize(("password", "made"), [("bismillah123", False), ("sri.rahayu17", False), (ACCEPTED, True)])
def test_the_terminal_takes_no_password_that_is_guessed_first(
    office: Office, panel: Flask, password: str, made: bool
) -> None:
    asked = ["create-user", "sri.rahayu", "--name", "Sri Rahayu", "--role", "petugas", "--password", password]
    database.close_all()
    said = panel.test_cli_runner().invoke(args=asked).output
    database.connect()
    assert ("dibuat." in said) is made
    assert ("mudah ditebak" in said or "tidak dapat ditebak" in said) is not made
    assert User.select().where(User.username == "sri.rahayu").exists() is made


def test_the_first_admin_is_asked_again_until_the_password_will_do(
    office: Office, panel: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["kepala.baru", "Kepala Baru", "kepalabaru99", ACCEPTED])
    asked: list[str] = []
    monkeypatch.setattr(commands.click, "prompt", lambda text, **_: asked.append(text) or next(typed))
    prove_existing_rows()
    commands._first_admin()
    assert list(broken_rows()) == []
    assert asked[-1].startswith(OWN)
    assert check_password(User.get(username="kepala.baru"), ACCEPTED)


@pytest.mark.parametrize(
    ("proxies", "begins"),
    [(1, "https://pengaduan.example/kata-sandi?kode="), (0, "http://127.0.0.1:8000/kata-sandi?kode=")],
)
def test_a_new_user_gets_a_link_on_the_terminal_and_sets_the_password_himself(
    office: Office, panel: Flask, proxies: int, begins: str
) -> None:
    hosts = ["pengaduan.example", "127.0.0.1"]
    panel.config.update(PROXIES=proxies, HOST="127.0.0.1", PORT=8000, TRUSTED_HOSTS=hosts)
    prove_existing_rows()
    database.close_all()
    asked = ["create-user", "pengelola", "--name", "Pengelola", "--role", "admin", "--link"]
    said = panel.test_cli_runner().invoke(args=asked)
    database.connect()
    assert said.exit_code == 0, said.output
    [link] = [line for line in said.output.splitlines() if line.startswith("http")]
    assert link.startswith(begins)
    assert "▄" in said.output  # the QR code
    person = User.get(username="pengelola")
    assert (person.password_hash, holder_of(hash_of(link.partition("=")[2]))) == ("", person)
    assert list(broken_rows()) == []


def test_the_help_of_every_command_is_in_the_words_of_who_reads_it(panel: Flask) -> None:
    """A docstring is for who reads the code; what an option or an argument is called is read on the terminal, too."""
    ours = panel.cli.commands.values()
    docstrings = {click.Command("", callback=each.callback, help=each.callback.__doc__).help for each in ours}
    assert [each.name for each in ours if not each.help or each.help in docstrings] == []
    options = [word for each in ours for word in each.params if isinstance(word, click.Option)]
    assert [word.name for word in options if not word.help] == []
    context = click.Context(click.Command("panel"))
    shown = {word.make_metavar(context) for each in ours for word in each.params}
    assert (
        shown & {"TEXT", "INTEGER", "FILE", *(str(word.name).upper() for each in ours for word in each.params)} == set()
    )
    assert len(ours) >= 15


def test_what_click_says_is_indonesian_where_the_terminal_asks_for_it(
    panel: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = panel.test_cli_runner()
    runner.invoke(args=["mail-test", "--help"])  # asked for before in another language
    monkeypatch.setenv("LANGUAGE", "id")
    output = "".join(runner.invoke(args=words).output for words in (["mail-test"], ["mail-test", "--help"], ["beli"]))
    assert [part for part in PARTS if part not in output] == []
    monkeypatch.setenv("LANGUAGE", "en")
    assert runner.invoke(args=["mail-test"]).output.startswith("Usage: ")


def test_the_log_stays_out_of_what_is_read_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("panel.health")
    monkeypatch.setattr(logging.getLogger("panel"), "propagate", False)
    for is_read, lines in ((True, 0), (False, 1)):
        written = StringIO()
        monkeypatch.setattr(written, "isatty", lambda is_read=is_read: is_read)
        monkeypatch.setattr(sys, "stderr", written)
        with without_logging():
            log.error("chain could not be looked at")
        assert written.getvalue().count("\n") == lines
    log.error("and after it all is as before")
    assert written.getvalue().count("\n") == 2


def test_a_command_named_as_a_cure_has_all_its_required_arguments(panel: Flask) -> None:
    commands_named = [said for duty in DUTIES for said in re.findall(r"`panel (\S+)([^`]*)`", duty.cure)]
    asked = {name: [word for word in panel.cli.commands[name].params if word.required] for name, _ in commands_named}
    assert [name for name, rest in commands_named if len(rest.split()) != len(asked[name])] == []
    assert "mail-test" in asked


def test_a_panel_of_the_tests_without_a_folder_lives_outside_of_this_one() -> None:
    where = defaults()
    assert not where["VAR_DIR"].is_relative_to(HOUSE)
    assert where["DATABASE_URL"].startswith(f"sqlite:///{where['VAR_DIR']}")
