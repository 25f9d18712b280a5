"""The database laid aside and back: all that it said, whatever became of it meanwhile, on both databases."""

from pathlib import Path

import pytest

from admin.process import setaside
from app import main
from models import schema
from models.backup.making import Source
from models.store.base import database
from tests.office import Office, opened, outside, owner_url_of, url_of


def told(path: Path) -> Source:
    return Source(url_of(path), owner_url_of(path), path.parent)


@pytest.mark.slow("dumps and restores")
def test_what_was_laid_aside_comes_back_although_tables_have_changed(office: Office, tmp_path: Path) -> None:
    office.receive()
    before, kept, source = office.digest(), database.obj, told(office.path)
    for name in setaside.WAITING:
        (tmp_path / name).write_text("waits")
    database.close_all()
    setaside.lay_aside(source, tmp_path / "sisihan")
    with outside(office.path) as raw:
        raw.execute("ALTER TABLE complaint RENAME TO gone")
    for name in setaside.WAITING:
        (tmp_path / name).write_text("")
    setaside.lay_back(source, tmp_path / "sisihan")
    schema.prepare(source.url, owner_url=source.owner_url)  # as the start of the older version does
    database.initialize(kept)
    with opened(office.path):
        assert office.digest() == before
    assert [(tmp_path / name).read_text() for name in setaside.WAITING] == ["waits"] * 2


@pytest.mark.only("sqlite")
def test_one_that_could_not_be_laid_aside_is_told_in_a_sentence_and_leaves_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://panel@127.0.0.1:1/panel")
    kept = database.obj
    assert main(["lay-aside", str(tmp_path / "sisihan")]) == 1
    database.initialize(kept)
    assert capsys.readouterr().err.startswith("Basis data tidak dapat dibuka.")
    assert not (tmp_path / "sisihan").exists()
