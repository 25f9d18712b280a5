"""Measures each list: bytes of HTML, SQL statements, and total bytes with scripts, styles and pictures.

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
MORE = {"/pengaturan/": 8, "/dokumen/": 3}  # additional statements: a query per master; filters, signers, holders
READER, ADMIN = "kadis", "admin"  # user names: for lists of cases, for masters
HEAD = ("Page", "rows", "HTML, kB", "SQL", "in all, kB")
ASKED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Cost:
    """The cost of one page: rows, bytes of HTML, its own SQL statements, bytes with scripts, styles and pictures."""

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
    """The SQL statements sent to the database within the block."""
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
    """Make more than one page of complaints, records, papers and events."""
    office.bring(office.receive(ROWS + 2), "closed")


def lists(app: Flask) -> list[PanelView]:
    return [view for view in views_of(app) if isinstance(view, PanelView)]


def costs(app: Flask) -> list[Cost]:
    """The cost of every list, as a user who may read it, with up to twenty rows."""
    readers = {name: signed_in(app, name) for name in (READER, ADMIN)}
    return [cost(_reader(readers, view), view.url + "/") for view in lists(app)]


def _reader(readers: dict[str, Visitor], view: PanelView) -> Visitor:
    return readers[READER] if readers[READER].get(view.url + "/").status_code == 200 else readers[ADMIN]


def cost(visitor: Visitor, path: str) -> Cost:
    """Measure the page after a first request, which fills caches."""
    visitor.get("/sop/")
    frame, page = _sent(visitor, "/keadaan-yang-tidak-ada"), visitor.get(path)
    own = max(_sent(visitor, path) - frame, 0)
    html = len(page.data)
    assets = {unescape(address) for address in ASKED.findall(page.text)}
    rows = len(re.findall(r"<tr>", page.text.partition("<tbody>")[2]))
    return Cost(path, rows, html, own, html + sum(_weight(visitor, address) for address in assets))


def _weight(visitor: Visitor, address: str) -> int:
    with visitor.get(address) as answer:  # closes the file
        return len(answer.data)


def _sent(visitor: Visitor, path: str) -> int:
    with counted() as sent:
        visitor.get(path)
    return len([statement for statement in sent if not statement.upper().startswith(FRAME)])


def table(costs: list[Cost]) -> str:
    rule = f"| {' | '.join(['---'] + ['--:'] * (len(HEAD) - 1))} |"
    return "\n".join([f"| {' | '.join(HEAD)} |", rule, *(cost.line for cost in costs)])


def between(text: str, begin: str, end: str, new: str) -> str:
    """The document with the text between two markers replaced."""
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{new}\n{end}{rest.partition(end)[2]}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = build(Path(folder))
        with opened(path):
            office, app = Office.at_work(path), panel_on(path)  # the app first: it installs the key
            fill(office)
            measured = costs(app)
            database.close()
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, table(measured)), encoding="utf-8")
    print(table(measured))


if __name__ == "__main__":
    main()
