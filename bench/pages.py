"""Measures each list: bytes of HTML, SQL statements, and total bytes with scripts, styles and pictures; and the
statements of every page for every role.

`python -m bench.pages` writes both tables into docs/performance.md. Counted is all that the driver is sent but what
begins and ends a transaction and the access note.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import peewee as pw
from flask import Flask

from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from models.complaint.accesslog import ReadCase, Reading, Seen
from models.store.base import database
from tests.admin.doors import SIGN_IN, SIGN_OUT, Visitor, panel_on, signed_in
from tests.admin.routes import readable
from tests.office import Office, build, opened

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
BEGIN_ROLES, END_ROLES = "<!-- roles -->", "<!-- /roles -->"
ROWS, MOST_HTML, MOST_STATEMENTS, MOST_IN_ALL = 20, 30_000, 12, 200_000
DECIDED = "approve"
READER, ADMIN = "kadis", "admin"  # user names: for lists of cases, for masters
HEAD = ("Page", "rows", "HTML, kB", "SQL", "in all, kB")
ASKED = re.compile(r'(?:src|href)="(/static/[^"#]+)')  # without the name of a symbol of the sprite
NOTES = tuple(f'INSERT INTO "{model._meta.table_name}"' for model in (Seen, Reading, ReadCase))
UNCOUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", *NOTES)
ONE_CASE, MOST_OF_ONE = re.compile("/details/|/langkah/|/meja/|<row:number>"), 20


@dataclass(frozen=True)
class Cost:
    """The cost of one page: rows, bytes of HTML, SQL statements, bytes with scripts, styles and pictures."""

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
    page = visitor.get(path)
    html = len(page.data)
    assets = {unescape(address) for address in ASKED.findall(page.text)}
    rows = len(re.findall(r"<tr>", page.text.partition("<tbody>")[2]))
    return Cost(path, rows, html, _sent(visitor, path), html + sum(_weight(visitor, address) for address in assets))


def _weight(visitor: Visitor, address: str) -> int:
    with visitor.get(address) as answer:  # closes the file
        return len(answer.data)


def _sent(visitor: Visitor, path: str) -> int:
    with counted() as sent:
        visitor.get(path)
    return len([statement for statement in sent if not statement.startswith(UNCOUNTED)])


def most_statements(page: str) -> int:
    """How many a page may send."""
    return MOST_OF_ONE if ONE_CASE.search(page) else MOST_STATEMENTS


def pages_by_role(office: Office, app: Flask) -> dict[str, dict[str, int]]:
    """The statements of every page that answers with HTML, by its rule and the user; the case waits for approval."""
    case, *_ = office.receive(2)
    office.bring([case], DECIDED)
    pages = {path: rule.rule for rule, path in readable(app, case) if path not in (SIGN_IN, SIGN_OUT)}
    pages |= {"/cari/?q=bantuan": "/cari/?q=", f"/meja/{DECIDED}/": f"/meja/{DECIDED}/"}
    pages |= {f"/pengaduan/langkah/{DECIDED}/?id={case}": f"/pengaduan/langkah/{DECIDED}/"}
    statements: dict[str, dict[str, int]] = {}
    for username in office.people:
        visitor = signed_in(app, username)
        for path, page in pages.items():
            with visitor.client.get(path) as answer:
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    statements.setdefault(page, {})[username] = _sent(visitor, path)
    return statements


def table_of_roles(statements: dict[str, dict[str, int]], people: Iterable[str]) -> str:
    """One line a page, the dearest first; empty where the user may not open it."""
    names = list(people)
    rows = [f"| Page | {' | '.join(names)} |", f"| --- |{' --: |' * len(names)}"]
    for page, counts in sorted(statements.items(), key=lambda row: (-max(row[1].values()), row[0])):
        rows.append(f"| `{page}` | {' | '.join(str(counts.get(name, '')) for name in names)} |")
    return "\n".join(rows)


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
            measured = table(costs(app))
            by_role = table_of_roles(pages_by_role(office, app), office.people)
            database.close()
    text = between(PAGE.read_text(encoding="utf-8"), BEGIN, END, measured)
    PAGE.write_text(between(text, BEGIN_ROLES, END_ROLES, by_role), encoding="utf-8")
    print(measured, by_role, sep="\n\n")


if __name__ == "__main__":
    main()
