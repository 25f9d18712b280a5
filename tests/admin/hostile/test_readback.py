"""Markup, templates and formulas come back as the text that was typed: on pages, in exports, on paper."""

import csv
import io
from collections.abc import Iterator
from html import escape

import pypdf
import pytest

from admin.door.flaskadmin import views_of
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from papers.printing import press
from tests.admin.hostile.asked import MARKUP, TOTAL
from tests.admin.hostile.test_proofs import without_escaping
from tests.admin.hostile.typed import Filled, filled, free, send
from tests.admin.matrix.grid import Grid, undone

TYPED = f"={MARKUP}{{{{1337*1337}}}}"
NARROW = ("code", "username", "nip", "yang_bersangkutan-age", "book_number")  # refuse such a text with a sentence
READERS = ("P registrar", "K", "B kepala", "W", "S")


def accepted(grid: Grid) -> list[Filled]:
    """Every form sent once with this in every text field that takes it; those that were accepted."""
    taken = []
    for one in filled(grid):
        fits = {name: TYPED for name in free(one.form) if one.form.kinds[name] in ("text", "textarea")}
        for typed in (fits, {name: TYPED for name in fits if name not in NARROW}):
            if send(grid, one.page, one.form, typed).status_code == 303:
                taken.append(one)
                break
    return taken


def newest() -> Complaint:
    found = Complaint.select().order_by(Complaint.id.desc()).first()
    assert found is not None
    return found


def pages_with(grid: Grid, taken: list[Filled]) -> Iterator[str]:
    """All pages where what was saved may stand: each list, each master's form, each case that was touched."""
    yield "/"
    for view in views_of(grid.app):
        if getattr(view, "column_list", None):
            yield f"{view.url}/?page_size=200"
    yield from (one.page.path for one in taken)
    for key in {newest().id, *(one.page.cell.id for one in taken if one.page.cell)}:
        yield f"/pengaduan/details/?id={key}"
        yield f"/pengaduan/langkah/correct/?id={key}"


def read(grid: Grid, paths: list[str]) -> tuple[int, list[str]]:
    """How many pages show the text as it was typed, and which show it as markup or reckoned."""
    shown, wrong = 0, []
    for kind in READERS:
        for path in paths:
            text = grid.get(kind, path).text
            shown += escape(MARKUP) in text
            wrong += [f"{kind} | {path}"] if MARKUP in text or TOTAL in text else []
    return shown, wrong


def words(pdf: bytes) -> str:
    """What stands on a paper."""
    return " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.nightly(engine=["postgresql"])  # escaping is the page's; by day each field is typed into there as well
@pytest.mark.usefixtures("unprinted")
def test_what_was_typed_is_text_on_every_page_and_would_not_be_without_escaping(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone():
        taken = accepted(grid)
        assert len(taken) > 15
        paths = list(dict.fromkeys(pages_with(grid, taken)))
        shown, wrong = read(grid, paths)
        assert wrong == [], "\n" + "\n".join(wrong)
        assert shown > 40
        without_escaping(grid, monkeypatch)
        assert len(read(grid, paths[:12])[1]) > 3


@pytest.mark.nightly(engine=["postgresql"])
def test_what_was_typed_is_text_in_an_export_and_on_paper(grid: Grid) -> None:
    with undone():
        accepted(grid)
        lines = list(csv.reader(io.StringIO(grid.get("P registrar", "/pengaduan/export/csv/").text)))
        cells = [cell for line in lines for cell in line if MARKUP in cell]
        assert cells
        assert all(cell.startswith("'=") for cell in cells if cell.lstrip("'").startswith("="))
        papers = Paper.select().where(Paper.complaint == newest().id)
        text = " ".join(words(press.pdf_of(paper.id)) for paper in papers)
    assert MARKUP in text
    assert TOTAL not in text
