"""Where the panel does not start: a guessable key, a debugger, keys and data that others reach, a key that is gone."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from app import create_app, main
from models.operations import environment_checks
from models.store.base import database
from models.store.keys import COOKIES, PANEL
from models.store.outage import AT_START, Outage
from tests.admin.doors import panel_on
from tests.admin.running.process import outcome
from tests.office import Office, build, leave_key, url_of

STRONG = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
UNSAFE = {
    "SECRET_KEY": ("dev", "rahasia", "x" * 64, STRONG[:20], "change-me-please-change-me", "pengaduan-secret-key-2026"),
    "FLASK_DEBUG": ("1", "true", "yes"),
    "DEBUG": ("1", "on", "True"),
    "FLASK_ENV": ("development", "dev"),
}
SAFE = {
    "SECRET_KEY": (
        STRONG,
        "1f9c4b27e08d5a63b7c2d91e40fa8356",
        "qX3vT9bLw2_kR7nYdE5uHs8-Zg1oPjCf0aMtiQxVN4c",
        "v8#Kq2!mZr5@Lw9$Tn4^Xb",
    ),
    "FLASK_DEBUG": ("", "0", "false"),
    "DEBUG": ("0", "False"),
    "FLASK_ENV": ("production",),
}


def cases(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


@pytest.mark.parametrize(("name", "value"), cases(UNSAFE))
def test_what_the_environment_must_not_say_is_one_sentence_that_names_it(name: str, value: str) -> None:
    [sentence] = environment_checks.unsafe_environment({"PORT": "8000", name: value})
    assert name in sentence
    assert sentence.endswith(".")
    assert value not in sentence or name == "FLASK_ENV" or len(value) < 8


@pytest.mark.parametrize(("name", "value"), cases(SAFE), ids=lambda value: value[:12])
def test_what_the_environment_may_say_is_let_be(name: str, value: str) -> None:
    assert [*environment_checks.unsafe_environment({name: value})] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "99999"), ("PORT", "-1"), ("PORT", "9" * 5_000), ("PROXIES", "x"), ("PROXIES", "-1")],
    ids=lambda value: value[:9],
)
def test_a_number_that_is_none_stops_the_start_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """And no panel listens at another port than the configured one."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=rf"^{name} harus berupa angka dari 0 sampai \d+\.$"):
        create_app({"VAR_DIR": tmp_path, "DATABASE_URL": f"sqlite:///{tmp_path / 'panel.sqlite'}"})


@pytest.mark.parametrize("name", [PANEL, COOKIES])
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_that_others_can_reach_is_reported_with_the_way_to_shut_it(tmp_path: Path, name: str, mode: int) -> None:
    (tmp_path / name).write_text("key")
    (tmp_path / name).chmod(mode)
    [sentence] = environment_checks.wrong_permissions(tmp_path)
    assert f"`chmod 600 {tmp_path / name}`" in sentence
    (tmp_path / name).chmod(0o600)
    assert [*environment_checks.wrong_permissions(tmp_path)] == []


def test_a_folder_that_all_may_write_to_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    [sentence] = environment_checks.wrong_permissions(tmp_path)
    assert f"`chmod go-w {tmp_path}`" in sentence
    tmp_path.chmod(0o755)
    assert [*environment_checks.wrong_permissions(tmp_path)] == []


def test_a_folder_that_lies_in_a_closed_one_or_cannot_be_made_is_reported(tmp_path: Path) -> None:
    closed, open_to_read = tmp_path / "tertutup", tmp_path / "terbuka"
    for folder, mode in ((closed, 0o700), (open_to_read, 0o755)):
        folder.mkdir()
        folder.chmod(mode)
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    os.seteuid(65534)
    try:
        inside, absent = (
            environment_checks.refusal_of(closed / "data"),
            environment_checks.refusal_of(open_to_read / "data"),
        )
    finally:
        os.seteuid(0)
    assert f"{closed} tertutup baginya" in inside
    assert f"install -d -m 700 -o nobody {open_to_read / 'data'} – lalu mulai lagi." in absent


def test_what_another_user_left_is_reported_with_the_command_that_mends_it(tmp_path: Path) -> None:
    """As after the data's disk has come to another server, where the panel's user has another number."""
    assert os.geteuid() == 0, "the rights of another user can only be tried by root"
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o005:
            folder.chmod(0o755)
    os.chown(tmp_path, 65534, -1)
    (tmp_path / "panel.key").touch(mode=0o600)
    try:
        os.seteuid(65534)
        [sentence] = environment_checks.wrong_permissions(tmp_path)
    finally:
        os.seteuid(0)
    assert f"{tmp_path / 'panel.key'} milik pengguna root" in sentence
    assert f"chown -R nobody: {tmp_path} – lalu mulai lagi" in sentence
    os.chown(tmp_path / "panel.key", 65534, -1)
    try:
        os.seteuid(65534)
        assert [*environment_checks.wrong_permissions(tmp_path)] == []
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(("kind", "far"), {"nfs4": True, "cifs": True, "fuse.sshfs": True, "ext4": False}.items())
def test_a_database_on_another_computer_s_disk_is_reported(tmp_path: Path, kind: str, far: bool) -> None:
    mounts, folder = tmp_path / "mounts", tmp_path / "dua kata"
    place = str(folder).replace(" ", r"\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {place} {kind} rw 0 0\n")
    sentences = [*environment_checks.network_disk_fault(f"sqlite:///{folder}/panel.sqlite", mounts)]
    assert [kind in sentence for sentence in sentences] == [True] * far
    assert [*environment_checks.network_disk_fault(f"sqlite:///{tmp_path}/panel.sqlite", mounts)] == []
    assert [*environment_checks.network_disk_fault("postgresql://panel@host/panel", mounts)] == []


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("cases", [0, 1])
def test_cases_or_passwords_without_their_key_stop_the_start_and_no_new_key_is_made(office: Office, cases: int) -> None:
    office.receive(cases)
    previous = database.obj
    (office.path.parent / "panel.key").unlink()
    with pytest.raises(ValueError, match=r"panel\.key tidak ada, padahal basis data berisi pengaduan atau pengguna"):
        panel_on(office.path)
    assert not (office.path.parent / "panel.key").exists()
    leave_key(office.path.parent)
    panel_on(office.path)
    database.initialize(previous)


@pytest.mark.only("sqlite")
def test_explicit_key_and_folder_do_not_skip_the_checks_of_the_environment(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(ValueError, match="FLASK_DEBUG"):
        create_app({"VAR_DIR": tmp_path, "DATABASE_URL": url_of(template), "SECRET_KEY": "for tests only"})


@pytest.mark.only("sqlite")
def test_a_mail_server_that_is_none_stops_the_start_in_one_sentence_without_its_password(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_key(tmp_path)
    monkeypatch.setenv("MAIL_URL", "smtp://panel:sandikenari@mail.example:0")
    with pytest.raises(ValueError, match=r"^MAIL_URL [^\n]+$") as refused:
        create_app({"VAR_DIR": tmp_path, "DATABASE_URL": url_of(template), "SECRET_KEY": "for tests only"})
    assert "kenari" not in str(refused.value)


DAMAGES = {
    "its head overwritten": lambda whole: b"\0" * 100 + whole[100:],
    "cut in the middle": lambda whole: whole[: len(whole) // 2],
    "its schema overwritten": lambda whole: whole[:100] + b"\xff" * 4000 + whole[4100:],
    "all but its schema overwritten": lambda whole: whole[:65536] + b"\xa5" * (len(whole) - 65536),
}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("words", [["start"], []], ids=["office", "demo"])
def test_a_damaged_file_stops_the_start_with_what_to_do_and_no_trace(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: str,
    words: list[str],
) -> None:
    database.close_all()
    office.path.write_bytes(DAMAGES[damage](office.path.read_bytes()))
    for ending in ("-wal", "-shm"):
        office.path.with_name(office.path.name + ending).unlink(missing_ok=True)
    leave_key(office.path.parent)
    monkeypatch.setenv("DATABASE_URL", url_of(office.path))
    monkeypatch.setenv("VAR_DIR", str(office.path.parent))
    previous = database.obj
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said == f"{AT_START[Outage.DAMAGED]}\n"
    database.close_all()
    database.initialize(previous)


@pytest.mark.slow("a start of its own")
@pytest.mark.parametrize(
    ("words", "more", "begins"),
    [
        (("app.py",), {"SECRET_KEY": "dev"}, "SECRET_KEY"),
        (("-m", "flask", "--app", "app", "verify"), {"DEBUG": "1", "LANGUAGE": "id"}, "Galat: DEBUG"),
    ],
)
def test_a_start_that_is_refused_ends_with_one_and_its_sentence(
    tmp_path: Path, words: tuple[str, ...], more: dict[str, str], begins: str
) -> None:
    path = build(tmp_path)
    leave_key(tmp_path)
    code, said = outcome(path, *words, **more)
    assert code == 1
    assert said.startswith(begins)
    assert said.count("\n") == 1
