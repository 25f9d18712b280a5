"""What each list costs: bytes of HTML, SQL statements, and the page with all that it asks for.

`python -m bench.pages` measures twenty rows of every list and writes the table into docs/performance.md.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import peewee as pw
from flask import Flask

from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from models.store.base import database
from tests.admin.doors import Visitor, panel_on, signed_in
from tests.office import Office, build, opened

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
ROWS, MOST_HTML, MOST_STATEMENTS, MOST_IN_ALL = 20, 30_000, 7, 200_000
MORE = {"/pengaturan/": 8, "/dokumen/": 3}  # besides: every master once; what its filters offer, who signs, who has
READER, KEEPER = "kadis", "admin"  # cases, masters
HEAD = ("Page", "rows", "HTML, kB", "SQL", "in all, kB")
ASKED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Cost:
    """Of one page: rows shown, bytes of HTML, statements of its own, bytes with style, script and pictures."""

    path: str
    rows: int
    html: int
    statements: int
    in_all: int

    @property
    def line(self) -> str:
        figures = (self.rows, round(self.html / 1000), self.statements, round(self.in_all / 1000))
        return f"| `{self.path}` | {' | '.join(map(str, figures))} |"


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []
    real = pw.Database.execute_sql

    def count(self: pw.Database, sql: str, *rest: object) -> object:
        sent.append(sql)
        return real(self, sql, *rest)

    pw.Database.execute_sql = count
    try:
        yield sent
    finally:
        pw.Database.execute_sql = real


def fill(office: Office) -> None:
    """More than a page of everything that complaints leave behind."""
    office.bring(office.receive(ROWS + 2), "closed")


def lists(app: Flask) -> list[PanelView]:
    return [view for view in views_of(app) if isinstance(view, PanelView)]


def costs(app: Flask) -> list[Cost]:
    """Every list of the panel, for whoever reads it, twenty rows of it where there are as many."""
    readers = {name: signed_in(app, name) for name in (READER, KEEPER)}
    return [cost(_reader(readers, view), view.url + "/") for view in lists(app)]


def _reader(readers: dict[str, Visitor], view: PanelView) -> Visitor:
    return readers[READER] if readers[READER].get(view.url + "/").status_code == 200 else readers[KEEPER]


def cost(visitor: Visitor, path: str) -> Cost:
    """The page, asked for twice: the first time fills what is kept for a request to come."""
    visitor.get("/sop/")
    frame, page = _sent(visitor, "/keadaan-yang-tidak-ada"), visitor.get(path)
    own = max(_sent(visitor, path) - frame, 0)
    html = len(page.data)
    asked = {unescape(one) for one in ASKED.findall(page.text)}
    rows = len(re.findall(r"<tr>", page.text.partition("<tbody>")[2]))
    return Cost(path, rows, html, own, html + sum(_weight(visitor, one) for one in asked))


def _weight(visitor: Visitor, address: str) -> int:
    with visitor.get(address) as answer:  # a file stays open until then
        return len(answer.data)


def _sent(visitor: Visitor, path: str) -> int:
    with counted() as sent:
        visitor.get(path)
    return len([one for one in sent if not one.upper().startswith(FRAME)])


def table(found: list[Cost]) -> str:
    rule = f"| {' | '.join(['---'] + ['--:'] * (len(HEAD) - 1))} |"
    return "\n".join([f"| {' | '.join(HEAD)} |", rule, *(one.line for one in found)])


def between(text: str, begin: str, end: str, told: str) -> str:
    """The document with what stands between two marks of it said anew."""
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{told}\n{end}{rest.partition(end)[2]}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = build(Path(folder))
        with opened(path):
            office, app = Office.at_work(path), panel_on(path)  # the panel's key seals what comes after it
            fill(office)
            found = costs(app)
            database.close()
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, table(found)), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
