"""Backups on the terminal: what the commands say, and that a machine that is gone comes back by them alone."""

import errno
import fcntl
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from admin.terminal import commands
from app import create_app
from models.complaint.paper import Attachment
from models.office.people import today
from models.office.settings import BACKUP_PLACE, store_setting
from models.operations import archive as keys
from models.operations import restore
from models.operations.archive import MAGIC, SALT
from models.store import installation
from models.store.base import database
from tests.admin.doors import Visitor, panel_on
from tests.models.case.evidence import photo, received
from tests.office import Office, leave_key, url_of

pytestmark = pytest.mark.only("sqlite")


@pytest.fixture
def panel(office: Office) -> Flask:
    """A whole panel on an office with one case and its evidence."""
    leave_key(office.path.parent)
    received(office, photo())
    database.close_all()
    return panel_on(office.path)


def run(app: Flask, *words: str, typed: str = "") -> tuple[int, str]:
    said = app.test_cli_runner().invoke(args=words, input=typed)
    return said.exit_code, said.output


def test_without_a_place_nothing_is_made_and_the_sentence_says_where_to_name_one(panel: Flask) -> None:
    code, said = run(panel, "backup")
    assert (code, "Tempat cadangan belum diisi pada Pengaturan" in said) == (1, True)


def test_one_that_is_not_good_ends_with_1_and_its_reason(panel: Flask) -> None:
    code, said = run(panel, "backup", "--to", "/tidak/ada")
    assert (code, "Folder cadangan /tidak/ada tidak ada" in said) == (1, True)


def bring_one_file_back(panel: Flask, file: Path) -> None:
    """What is gone is named with its case, and comes back from the backup of the settings' place."""
    assert run(panel, "check-files") == (0, "Semua berkas utuh.\n")
    file.unlink()
    code, said = run(panel, "check-files")
    assert (code, "hilang – bukti “foto.jpg” pada pengaduan" in said) == (1, True), said
    code, said = run(panel, "restore-file", file.name)
    assert (code, "Berkas dikembalikan dari panel-" in said) == (0, True), said
    assert run(panel, "check-files")[0] == 0


@pytest.mark.slow("copies and restores an office")
def test_a_file_and_then_the_machine_is_gone_and_comes_back(
    panel: Flask, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere, machine = tmp_path_factory.mktemp("lain"), tmp_path_factory.mktemp("mesin")
    with database.connection_context():
        store_setting(BACKUP_PLACE, str(elsewhere), today())
        path = Attachment.get(Attachment.path != "").path
    code, said = run(panel, "backup")
    assert (code, "dibuat dan teruji" in said) == (0, True), said
    bring_one_file_back(panel, office.path.parent / "files" / path)
    [archive] = elsewhere.glob("*.cadangan")
    typed = " ".join(keys.key_groups(keys.key_from(office.path.parent))).lower()
    config = {"VAR_DIR": machine, "DATABASE_URL": f"sqlite:///{machine}/panel.sqlite", "DATABASE_OWNER_URL": None}
    previous = database.obj
    code, said = run(create_app(config), "restore", str(archive), typed=f"{typed}\n")
    assert code == 0, said
    assert re.search(r"Pulih dari cadangan \d+ [A-Z][a-z]+ \d{4} pukul \d\d\.\d\d WIB: ", said), said
    visitor = Visitor(create_app(config))
    assert visitor.sign_in("petugas").status_code == 303
    assert visitor.get("/lampiran/1").data == b"foto"
    code, said = run(create_app(config), "restore", str(archive), typed=f"{typed}\n")
    assert (code, "Tempat tujuan tidak kosong" in said) == (1, True)
    database.initialize(previous)


def test_a_slip_on_the_way_from_paper_names_its_group(
    panel: Flask, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine, previous = tmp_path_factory.mktemp("mesin"), database.obj
    config = {"VAR_DIR": machine, "DATABASE_URL": f"sqlite:///{machine}/panel.sqlite", "DATABASE_OWNER_URL": None}
    key = keys.key_from(office.path.parent)
    archive = machine / "lost+found" / "panel.cadangan"
    archive.parent.mkdir()
    archive.write_bytes(MAGIC + keys.key_fingerprint(key).encode() + bytes(SALT) + b"nothing in it")
    groups = keys.key_groups(key)
    typed = " ".join([*groups[:4], groups[5], *groups[5:]])
    code, said = run(create_app(config), "restore", str(archive), typed=f"{typed}\n")
    assert (code, "Kelompok ke-5 tidak cocok" in said) == (1, True)
    assert f"Lembar Kunci Cadangan bertanda {keys.key_fingerprint(key)}" in said
    code, said = run(create_app(config), "restore", str(archive), typed=f"{typed}\n{groups[0]}\n{groups[4]}\n")
    assert said.count("Kelompok ke-5 saja, sekali lagi") == 2  # the others are not asked for again
    assert (code, "Cadangan ini rusak atau berubah" in said) == (1, True)
    database.initialize(previous)


def test_into_a_folder_that_a_panel_serves_nothing_is_restored_and_none_starts_while_one_is(
    panel: Flask, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It would go on with the key and the database that lay there before."""
    machine = tmp_path_factory.mktemp("mesin")
    config = {"VAR_DIR": machine, "DATABASE_URL": f"sqlite:///{machine}/panel.sqlite", "DATABASE_OWNER_URL": None}
    lock = os.open(machine / installation.LOCK_FILE, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_SH)
    code, said = run(create_app(config), "restore", "/x.cadangan")
    assert (code, "Hentikan dahulu (systemctl stop panel), lalu ulangi." in said) == (1, True)
    os.close(lock)
    var = office.path.parent
    with (
        installation.locked_for_restore(var),
        pytest.raises(ValueError, match="Cadangan sedang dipulihkan ke folder data ini"),
    ):
        commands.check_before_start(url_of(office.path), None, var, office=True)
    commands.check_before_start(url_of(office.path), None, var, office=True)
    with pytest.raises(ValueError, match="Panel sedang berjalan"), installation.locked_for_restore(var):
        pass
    installation.leave(var / installation.LOCK_FILE)


def test_a_panel_starts_without_its_folder_and_without_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the first start of all, by a user at a terminal, and on a disk that is full."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    var = tmp_path / "belum" / "ada"
    commands.check_before_start(f"sqlite:///{var}/panel.sqlite", None, var, office=True)
    assert var.stat().st_mode & 0o077 == 0
    installation.leave(var / installation.LOCK_FILE)
    (var / installation.LOCK_FILE).unlink()
    (var / installation.LOCK_FILE).mkdir()
    commands.check_before_start(f"sqlite:///{var}/panel.sqlite", None, var, office=True)


def test_who_leaves_before_the_key_is_typed_has_changed_nothing(panel: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "look_at", lambda target, archive: "A")
    code, said = run(panel, "restore", "/x.cadangan")
    assert (code, "Kuncinya tidak diketik. Tidak ada yang diubah." in said) == (1, True)
    short = " ".join(keys.key_groups(bytes(keys.LENGTH))[:-1])
    code, said = run(panel, "restore", "/x.cadangan", typed=f"{short}\n{short}\n")
    assert (code, said.count("jadi 65; yang diketik ada 60.")) == (1, 3)  # asked again, and the last word once more


def test_one_server_cannot_be_for_the_office_and_for_practice(panel: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    monkeypatch.setattr(restore, "look_at", lambda target, archive: looked.append(archive) or "A")
    code, said = run(panel, "restore", "/x.cadangan", "--takeover", "--trial")
    assert (code, "Pilih salah satu: --takeover atau --trial." in said, looked) == (1, True, [])


def test_a_disk_that_is_too_small_for_a_restore_is_named(panel: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(restore, "look_at", lambda target, archive: "A")
    monkeypatch.setattr(restore, "restore", full)
    code, said = run(panel, "restore", "/x.cadangan", typed=" ".join(keys.key_groups(bytes(keys.LENGTH))) + "\n")
    assert (code, "tidak dapat dipulihkan: tempat penyimpanan penuh" in said) == (1, True)
