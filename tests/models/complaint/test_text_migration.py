"""Databases of before the words had a table: each case is found by its words after the migration, broken off or not."""

from pathlib import Path
from typing import Any

import pytest

from models import schema as tables
from models.case import casetext
from models.complaint.complaint import Complaint
from models.complaint.search_text import CaseText
from models.records.registry import RECORDS
from models.store import seal
from models.store.base import database
from tests.corpus.kept import BEFORE_MARKS, handed
from tests.models.behind import schema
from tests.models.complaint.test_texts import composed
from tests.office import KEY, dropped, opened, owner_url_of, url_of

NAME = "0011_case_text"


@pytest.fixture
def old(engine: str, tmp_path: Path) -> Any:
    path = handed(BEFORE_MARKS[-1], engine, tmp_path)
    assert "case_text" not in schema(path)
    seal.install(KEY)
    yield path
    dropped(path)


def prepare(path: Path, folder: Path = tables.FOLDER) -> list[str]:
    return tables.prepare(url_of(path), folder, owner_url=owner_url_of(path))


def unfound() -> list[int]:
    """Cases of which a word that would be written now is in no row."""
    lost = []
    for c in Complaint.select():
        stored = {row.text.strip() for row in CaseText.select().where(CaseText.case == c.id)}
        if not composed(c) <= stored or not all(any(n.text in one for one in stored) for n in c.numbers):
            lost.append(c.id)
    return lost


def test_every_case_of_an_earlier_version_is_found_by_its_words(old: Path) -> None:
    assert NAME in prepare(old)
    with opened(old):
        assert CaseText.select().count() > Complaint.select().count() > 0
        assert unfound() == []
        drafts = [m for m in RECORDS.values() if m.select().where(m.draft).exists()]
        assert drafts
        texts = dict.fromkeys(row.text for row in CaseText.select())
        final = {row.text for m in RECORDS.values() for row in _rows(m)}
        assert not {row.text for m in drafts for row in _rows(m, draft=True)} - final & set(texts)
    assert prepare(old) == []


def _rows(model: Any, *, draft: bool = False) -> list[Any]:
    here = model.draft if draft else ~model.draft
    return [casetext.act_row(row["complaint"], model.key, row) for row in model.select().where(here).dicts()]


def test_its_index_is_that_of_a_new_database(old: Path, template: Path) -> None:
    prepare(old)
    migrated, new = schema(old), schema(template)
    own = {name for name in migrated if name.startswith("case_text")}
    assert {name: migrated[name] for name in own} == {name: new[name] for name in new if name in own}
    assert not {name for name in migrated[""] ^ new[""] if name.startswith("case_text")}


@pytest.mark.only("sqlite")
def test_the_index_contains_the_migrated_texts(old: Path) -> None:
    prepare(old)
    with opened(old):
        title = max(Complaint.select(), key=lambda c: len(c.title)).title
        word = f'"{max(title.split(), key=len)}"'
        found = database.execute_sql('SELECT count(*) FROM "case_text_find" WHERE "case_text_find" MATCH ?', (word,))
        assert found.fetchone()[0] > 0


BROKEN_OFF = """

_whole, _calls = _searched, iter(range(4))


def _searched(*args, **more):
    if next(_calls) == 3:
        raise KeyboardInterrupt
    return _whole(*args, **more)
"""


def test_an_interrupted_migration_leaves_nothing_and_starts_again_in_portions(old: Path, tmp_path: Path) -> None:
    folder, text = tmp_path / "migrations", (tables.FOLDER / f"{NAME}.py").read_text()
    text = text.replace("PORTION = 500", "PORTION = 2")
    folder.mkdir()
    for file in tables.FOLDER.glob("[0-9]*"):
        (folder / file.name).write_text(text + BROKEN_OFF if file.stem == NAME else file.read_text())
    with pytest.raises(KeyboardInterrupt):
        prepare(old, folder)
    assert "case_text" not in schema(old)
    (folder / f"{NAME}.py").write_text(text)
    assert NAME in prepare(old, folder)
    with opened(old):
        assert unfound() == []
