"""The database copied and restored: all that it held, whatever changed meanwhile, on both databases."""

from pathlib import Path

import pytest

from admin.server import database_copy
from app import main
from models import schema
from models.operations import archive
from models.operations import archive as keys
from models.operations.archive import FrameWriter, Manifest
from models.operations.backup_making import Source
from models.operations.backup_worker import copier_of
from models.sign_in.session import Session, begin
from models.store.backups import Backup
from models.store.base import database
from tests.office import Office, opened, outside, owner_url_of, url_of

NAME = "panel-20261127-010000-0000.cadangan"


def source_of(path: Path) -> Source:
    return Source(url_of(path), owner_url_of(path), path.parent)


@pytest.mark.slow("dumps and restores")
def test_a_copy_is_restored_although_tables_have_changed(office: Office, tmp_path: Path) -> None:
    office.receive()
    before, previous, source = office.digest(), database.obj, source_of(office.path)
    for name in database_copy.WAITING:
        (tmp_path / name).write_text("waits")
    database.close_all()
    database_copy.copy_database(source, tmp_path / "sisihan")
    with outside(office.path) as raw:
        raw.execute("ALTER TABLE complaint RENAME TO gone")
    for name in database_copy.WAITING:
        (tmp_path / name).write_text("")
    database_copy.restore_copy(source, tmp_path / "sisihan")
    schema.prepare(source.url, owner_url=source.owner_url)  # as the start of the older version does
    database.initialize(previous)
    with opened(office.path):
        assert office.digest() == before
    assert [(tmp_path / name).read_text() for name in database_copy.WAITING] == ["waits"] * 2


@pytest.mark.only("sqlite")
def test_a_copy_that_fails_is_named_in_a_sentence_and_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://panel@127.0.0.1:1/panel")
    previous = database.obj
    assert main(["lay-aside", str(tmp_path / "sisihan")]) == 1
    database.initialize(previous)
    assert capsys.readouterr().err.startswith("Basis data tidak dapat dibuka.")
    assert not (tmp_path / "sisihan").exists()


@pytest.mark.only("sqlite")
def test_an_extracted_copy_is_restored_and_signs_no_user_in(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The session of back then, and an e-mail that waited, are gone; nothing else is."""
    begin(office["kadis"], device="", address="", at=office.tick())
    before, previous, source, elsewhere = (
        office.digest(),
        database.obj,
        source_of(office.path),
        tmp_path_factory.mktemp("lain"),
    )
    database.close_all()
    database_copy.copy_database(source, elsewhere / "copy")
    key = keys.key_from(source.var)
    part = copier_of(source.url).PART
    with (elsewhere / NAME).open("wb") as file:
        archive.pack([(part, elsewhere / "copy" / part)], Manifest("", "", "", "", 0, []), FrameWriter(file, key))
    with outside(office.path) as raw:
        raw.execute("DELETE FROM medium")
    database_copy.extract_copy(source, f"{elsewhere}/{NAME}", elsewhere / "taken")
    database_copy.restore_backup_copy(source, elsewhere / "taken")
    with pytest.raises(ValueError, match=f"Cadangan gone tidak ada lagi di {elsewhere}"):
        database_copy.extract_copy(source, f"{elsewhere}/gone", elsewhere / "taken")
    database.initialize(previous)
    with opened(office.path):
        assert (office.digest(), Session.select().count()) == (before, 0)


@pytest.mark.only("sqlite")
def test_the_last_good_backup_is_protected_and_its_moment_printed(office: Office, tmp_path: Path) -> None:
    source = source_of(office.path)
    with pytest.raises(ValueError, match="Belum ada cadangan"):
        database_copy.exempt_latest_backup(source, "")
    for name, fault in ((NAME, ""), ("panel-20261128-010000-0000.cadangan", "gagal")):
        Backup.create(at=office.tick(), name=name, place=f"{tmp_path}/", fault=fault)
    address, moment = database_copy.exempt_latest_backup(source, "sebelum pembaruan")
    assert (address, f"{moment:%d-%m-%Y %H.%M}") == (f"{tmp_path}/{NAME}", "27-11-2026 01.00")
    assert [path.name for path in tmp_path.glob("*.tahan")] == [f"{NAME}.tahan"]


def test_a_command_that_is_stopped_prints_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(database_copy, "migrations", stopped)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert main(["migrations"]) == 130
    assert capsys.readouterr().err.strip() == "Dihentikan."


@pytest.mark.only("sqlite")
def test_the_walk_goes_through_no_panel_but_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert main(["walk", "http://127.0.0.1:1"]) == 1
    assert capsys.readouterr().err.startswith("Jalan coba hanya pada salinan")
    assert list(tmp_path.iterdir()) == []
