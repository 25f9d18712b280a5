"""Odd texts typed into the forms of the panel by users who may send them: every text field of every form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin.door.flaskadmin import views_of
from models.office.settings import OPTIONS
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.forms import FormReader, edit_views, form_on
from tests.admin.hostile.asked import MARKUP, SUM
from tests.admin.matrix import promise
from tests.admin.matrix.grid import Cell, Grid

FREE = ("text", "textarea", "hidden", "number", "date", "time", "datetime-local", "password", "email", "tel")
OURS = ("csrf_token", "version", "cases", "opened", "do")  # what the page itself says; bodies.py lies about these
TEXTS = {
    "nothing": "",
    "markup": f"{MARKUP}\"'></textarea>{SUM}",
    "long": "x" * 40_000,
    "wide and long": "\u20ac" * 5_000,
    "NUL": "a\0b",
    "marks of direction": "\u202e\u2066abc\u2069\ufeff",
    "beyond the plane": "\U0001f600\U0010ffff\uffff\ufdd0" * 20,
    "huge number": "9" * 40,
    "number": "1e3",
    "date": "9999-12-31",
    "moment": "0001-01-01T00:00",
    "controls": "a\x01\x02\x08\x0b\x1b\x7f\x85\u2028b",
    "formula": "=1+1",
    "lines": "\r\n" * 3_000,
}
INTAKE = {"pengadu-name": "Siti", "story": "Uraian", "medium": "1", "category": "1"}  # what an intake cannot do without


@dataclass(frozen=True)
class Page:
    """A page with a form (by its class), and who may send it."""

    path: str
    kind: str
    cell: Cell | None = None
    step: Any = None
    css: str = "sheet"

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"


def pages(grid: Grid) -> Iterator[Page]:
    """Every form of the panel."""
    yield Page("/pengaduan/new/", "P registrar", css="intake")
    for view in edit_views(grid.app):
        yield Page(f"{view.url}/edit/?id={_first(view)}", "S")
    for view in views_of(grid.app):
        if getattr(view, "can_create", False) and view.noun in promise.MASTERS and view.noun != "pengaturan":
            yield Page(f"{view.url}/new/", "S")
    for key in {
        (type(option.default), option.required, "{urut}" in str(option.default)): key for key, option in OPTIONS.items()
    }.values():
        yield Page(f"/pengaturan/new/?key={key}", "S")
    yield from steps(grid)


def _first(view: Any) -> int:
    return int(view.model.select().order_by(view.model.id).first().id)


def steps(grid: Grid) -> Iterator[Page]:
    """Each step that takes blanks, for a case where it may be taken, by somebody who may."""
    for step in (t for t in vocabulary().transitions.values() if not current_procedure().is_receive(t)):
        for cell in (c for c in grid.cells if c.state in vocabulary().starts(step)):
            kind = next((kind for kind in promise.EIGHT if cell.may(kind, step.key)), None)
            css = "intake" if step.amends else "sheet"
            page = Page(f"/pengaduan/langkah/{step.key}/?id={cell.id}", kind or "", cell, step, css)
            if kind and free(opened(grid, page)):
                yield page
                break


@dataclass(frozen=True)
class Filled:
    """A page with its form as it was opened."""

    page: Page
    form: FormReader


def filled(grid: Grid) -> list[Filled]:
    """Every page of the panel that takes text, with its form."""
    found = [Filled(page, opened(grid, page)) for page in pages(grid)]
    return [one for one in found if free(one.form)]


def opened(grid: Grid, page: Page) -> FormReader:
    return form_on(grid.get(page.kind, page.path).text, page.css)


def free(form: FormReader) -> list[str]:
    """The fields into which anything can be typed."""
    return [name for name, kind in form.kinds.items() if kind in FREE and name not in OURS]


def send(grid: Grid, page: Page, form: FormReader, typed: dict[str, str]) -> Any:
    """The page's form with what else it needs, and this typed over it."""
    needed = _needed(grid, page) if page.step else {}
    needed |= INTAKE if page.css == "intake" else {}
    sent = {**form.sent, **needed, **typed}
    if page.step and page.step.amends:  # saved only of what the page of the consequences has shown
        shown = _posted(grid, page, {**sent, "do": "review"})
        sent |= dict(re.findall(r'name="(reviewed)" value="([^"]+)"', shown.text)) if shown.status_code < 400 else {}
    return _posted(grid, page, {**sent, "do": "perform"} if page.step else sent)


def _posted(grid: Grid, page: Page, sent: dict[str, Any]) -> Any:
    return grid.visitors[page.kind].client.post(page.path, data=sent, headers={"X-CSRFToken": grid.tokens[page.kind]})


def _needed(grid: Grid, page: Page) -> dict[str, Any]:
    """What the step cannot do without and its page does not propose."""
    key = page.cell.id if page.cell else 0
    blanks = grid.office.fields(key, page.step.key, grid.office[promise.PEOPLE[page.kind]])
    return {name: _wire(value) for name, value in blanks.items()}


def _wire(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return [str(one) for one in value] if isinstance(value, list) else "1" if value is True else str(value)
