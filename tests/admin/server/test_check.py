"""`flask --app app check`: next to a serving panel, without its database, and with an e-mail to the administrators."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess, run
from typing import Any

import click
import pytest
from click.testing import Result

from admin.server import background
from admin.terminal import diagnose
from models.email import smtp
from models.email.queue import QueuedEmail
from models.office.people import User, today
from models.office.settings import MAIL_SENDER, store_setting
from models.operations import checks, duties
from models.operations.checks import WRONG, unknown, well, wrong
from models.operations.duties import Duty, DutyState
from models.operations.failure_checks import KIND
from models.store.base import database
from tests.admin.running.process import environment_of
from tests.browser.served import ROOT
from tests.office import Office, url_of
from tests.patience import LONGEST

pytestmark = pytest.mark.only("sqlite")
LOOKS = {
    "disk": Duty("disk", "Tempat penyimpanan", lambda place: wrong("Hampir penuh."), "Kosongkan.", False),
    "database": Duty("database", "Basis data", lambda place: well("Menjawab."), "Periksa."),
    "clock": Duty("clock", "Jam server", lambda place: unknown("Tidak diketahui."), "Jalankan."),
}
Check = Callable[..., Result]


@pytest.fixture
def checked(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """The command on the office, on a panel that is not prepared, as in a process of its own."""
    previous = database.obj
    looks = dict(LOOKS)
    monkeypatch.setattr(duties, "DUTIES", tuple(looks.values()))

    def perform(*words: str, **config: Any) -> Result:
        settings = {
            "VAR_DIR": office.path.parent,
            "DATABASE_URL": url_of(office.path),
            "REQUEST_LOG": "off",
            "TRUSTED_HOSTS": None,
            "PROXIES": "0",
            "MAIL_URL": "",
        }
        database.close_all()
        app = diagnose.bare_panel({**settings, **config})
        try:
            return app.test_cli_runner().invoke(args=["check", *words])
        finally:
            database.close()
            database.initialize(previous)
            smtp.install("")

    yield perform
    database.connect(reuse_if_open=True)


def test_each_line_says_how_it_stands_and_what_to_do(checked: Check) -> None:
    done = checked()
    assert (done.exit_code, done.output.splitlines()) == (
        1,
        [
            "PERLU  Tempat penyimpanan: Hampir penuh.",
            f"        → {duties.BY_NAME['disk'].cure}",
            "baik   Basis data: Menjawab.",
            "–      Jam server: Tidak diketahui.",
            "1 hal perlu ditangani.",
        ],
    )


def test_where_nothing_is_wrong_it_ends_with_0_and_changes_nothing(
    office: Office, checked: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "DUTIES", (LOOKS["database"], LOOKS["clock"]))
    assert (checked().exit_code, checked().output.splitlines()[-1]) == (0, diagnose.ALL_WELL)
    database.connect(reuse_if_open=True)
    assert DutyState.select().count() == 0


def test_faults_to_report_are_stored_and_queued_as_e_mail(
    office: Office, checked: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    User.update(email="admin@contoh.go.id").where(User.username == "admin").execute()
    for _ in range(2):
        assert checked("--tell", MAIL_URL="smtp+plain://127.0.0.1:9").exit_code == 1
    database.connect(reuse_if_open=True)
    assert [row.kind for row in QueuedEmail.select()] == [KIND]
    assert {row.name: row.state for row in DutyState.select()}["disk"] == WRONG


def test_without_its_database_it_says_so_and_what_could_not_be_done(checked: Check, tmp_path: Path) -> None:
    absent = tmp_path / "lain.sqlite"
    for url in (f"sqlite:///{absent}", "postgresql://panel@127.0.0.1:1/panel"):
        done = checked("--tell", DATABASE_URL=url)
        assert done.exit_code == 1
        assert f"PERLU  Basis data: {checks.AWAY}" in done.output
        assert diagnose.NOT_SAVED in done.output
    assert not absent.exists()


def test_an_unknown_kind_of_database_is_named_in_a_sentence(checked: Check) -> None:
    done = checked(DATABASE_URL="mysql://x")
    assert (done.exit_code, "DATABASE_URL belum dikenal" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["--app", "app", "check", "--tell"], True),
        (["--app=app", "diagnose"], True),
        (["--app", "app", "create-user", "check"], False),
        (["--app", "app", "verify"], False),
    ],
)
def test_only_the_command_itself_finds_a_panel_that_is_not_prepared(
    monkeypatch: pytest.MonkeyPatch, words: list[str], asked: bool
) -> None:
    monkeypatch.setattr(sys, "argv", ["flask", *words])
    with click.Context(click.Command("flask")):
        assert diagnose.is_asked_for() is asked


@pytest.mark.slow("a process of its own")
def test_it_checks_while_a_panel_has_the_database_open(office: Office) -> None:
    """As the timer calls it: another process, while this one reads and has written."""
    office.receive()
    words = [sys.executable, "-m", "flask", "--app", "app", "check", "--tell"]
    env = environment_of(office.path)
    done: CompletedProcess[str] = run(
        words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "PERLU  Cadangan teruji: Tempat cadangan belum diisi" in done.stdout
    assert {row.name for row in DutyState.select()} == {duty.name for duty in duties.DUTIES}


def test_the_own_name_is_asked_for_its_certificate_only_behind_a_server_with_tls(office: Office) -> None:
    config = {"VAR_DIR": "/x", "DATABASE_URL": "sqlite:////x/p.sqlite", "REQUEST_LOG": "log/a.jsonl"}
    names = ["pengaduan.example", "127.0.0.1"]
    behind = background.surroundings_of({**config, "TRUSTED_HOSTS": names, "PROXIES": "1"})
    assert (behind.own_name, behind.failures) == ("pengaduan.example", Path("/x/log/gangguan.jsonl"))
    alone = background.surroundings_of({**config, "TRUSTED_HOSTS": names, "PROXIES": 0, "REQUEST_LOG": "off"})
    assert (alone.own_name, alone.failures) == ("", None)
