"""One office for the whole corpus: the grid of the access matrix, with papers that print at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playhouse.pool import PooledDatabase

from models import paper as papers
from models.base import canonical, database
from models.event import open_seals
from papers import press
from tests.admin.matrix_grid import Grid, built
from tests.office import copied, dropped, opened


@pytest.fixture(scope="module")
def grid(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grid]:
    path = copied(template, tmp_path_factory.mktemp("hostile"))
    with opened(path):
        mine = database.obj
        yield built(path)
        database.close()
        if isinstance(database.obj, PooledDatabase):
            database.obj.close_all()
        database.initialize(mine)
    dropped(path)


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A print that says what the paper says, without the time that a PDF takes."""

    def pdf_of(number: int) -> bytes:
        paper = papers.Paper.get_by_id(number)
        seal = open_seals([paper.complaint_id])[paper.complaint_id]
        return b"%PDF " + canonical(papers.content_of(paper, seal)).encode()

    monkeypatch.setattr(press, "pdf_of", pdf_of)
    monkeypatch.setattr(press, "draft_pdf", lambda content: b"%PDF " + canonical(content).encode())
    monkeypatch.setattr(press, "merged", lambda chosen: b"".join(pdf_of(p.id) for p in chosen))
    monkeypatch.setattr(press, "zipped", lambda chosen: iter([pdf_of(p.id) for p in chosen]))
