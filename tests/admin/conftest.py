"""The panel for these tests: built over the office's database file; `at(username)` is that person's browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from models.complaint import paper as papers
from models.complaint.event import open_seals
from models.complaint.paper import Content
from models.office.long_work import finish_works
from models.store.base import canonical, database
from models.store.resource_limits import Work, begin
from papers.printing import casefile, press
from tests.admin.doors import Visitor, opened, panel_on, shared_panel_on, signed_in
from tests.office import Office


def _lent(office: Office, build: Callable[[Path], Flask]) -> Iterator[Flask]:
    office_database = database.obj
    yield build(office.path)
    finish_works()
    database.close_all()
    database.initialize(office_database)


@pytest.fixture
def panel(office: Office) -> Iterator[Flask]:
    """The panel as it is; a test that changes it asks for a panel of its own."""
    yield from _lent(office, shared_panel_on)


@pytest.fixture
def own_panel(office: Office) -> Iterator[Flask]:
    yield from _lent(office, panel_on)


@pytest.fixture(autouse=True)
def every_pool_is_closed() -> Iterator[None]:
    """Whatever panels a test has built, their connections end with it; a panel that goes on opens new ones."""
    yield
    while opened:
        opened.pop().close_all()


@pytest.fixture
def stranger(panel: Flask) -> Visitor:
    return Visitor(panel)


@pytest.fixture
def at(panel: Flask) -> Callable[[str], Visitor]:
    return lambda username: signed_in(panel, username)


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A print that says what the paper says, without the time that a PDF takes."""

    def pdf_of(number: int) -> bytes:
        begin(Work.PRINT)
        paper = papers.Paper.get_by_id(number)
        seal = open_seals([paper.complaint_id])[paper.complaint_id]
        return b"%PDF " + canonical(papers.content_of(paper, seal)).encode()

    def pdf(content: Content) -> bytes:
        begin(Work.PRINT)
        return b"%PDF " + canonical(content).encode()

    monkeypatch.setattr(press, "pdf_of", pdf_of)
    monkeypatch.setattr(press, "draft_pdf", pdf)
    monkeypatch.setattr(press, "unissued_pdf", pdf)
    monkeypatch.setattr(press, "merged_pdf", lambda chosen, *rest, **more: b"".join(pdf_of(p.id) for p in chosen))
    monkeypatch.setattr(casefile, "case_file_pdf", lambda file, **_: b"".join(pdf_of(p.id) for p in file.open_papers))
    monkeypatch.setattr(press, "zip_of", lambda chosen, *rest: iter([pdf_of(p.id) for p in chosen]))
