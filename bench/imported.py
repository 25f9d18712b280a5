"""Benchmark: CPU time and size of every page after the import of a file of 12,500 rows, per user.

`python -m bench.imported` makes the demo with that file once under build/bench, with its open cases in every state, and
requests each page that a user reaches by links, each list with a hundred rows, in each order and by each filter. The
most expensive pages are printed; `--all` prints every page.
"""

import argparse
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from flask import Flask
from peewee import chunked

from admin.lists.base import PanelView
from admin.lists.paging import BEFORE, END_OF_LIST
from bench.lists import CACHE, median_ms
from bench.office import sign_closed
from bench.pages import lists
from models import schema
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.demo.demo import make_demo
from models.imports import publishing
from models.imports.batches import WHEN_RAISED, ImportMapping
from models.imports.stage import stage
from models.office.lists import Medium
from models.office.people import Post, User
from models.store.base import database, now
from sop.flow import current_procedure
from sop.vocabulary import CLOSED
from tests.admin.doors import Visitor, panel_on
from tests.browser.crawl import PEOPLE, is_file, shape, walk
from tests.made_lapor.complaints_desk import COLUMNS, desk_csv, desk_rows
from tests.office import PASSWORD_HASH, Office, empty, leave_key, opened, url_of

MOST_MS, MOST_KB = 60, 80
LINK, HOME, OK = re.compile(r'<a [^>]*href="?(/[^" >]*)'), "http://localhost/", 200
OFFERED, OPTION = (
    re.compile(r'<select[^>]* name="?(flt\w+)"?[^>]*>(.*?)</select>', re.DOTALL),
    re.compile(r'="([^"]+)">'),
)
TIMES, ROWS, MOST_OPTIONS = 3, 12_500, 12
HUNDRED = "?page_size=100"
TOGETHER = 100  # cases per call of `advance`
GONE_ON = ((0.8, "dispose"), (0.65, "handle"), (0.5, "approve"), (0.3, "deliver"), (0.2, CLOSED))


@dataclass(frozen=True)
class PageCost:
    """A page, the user name, milliseconds of CPU, bytes."""

    address: str
    person: str
    ms: float
    size: int

    @property
    def line(self) -> str:
        return f"| `{self.address}` | {self.person} | {self.ms:,.0f} | {self.size / 1000:,.0f} |"


def office_with_file(rows: int = ROWS, folder: Path = CACHE) -> Path:
    """The demo with the file's rows as cases; cached in a folder."""
    place = folder / f"imported-{rows}"
    path = place / "panel.sqlite"
    if (place / "whole").exists():
        return path
    place.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path = empty(place, "sqlite")
    leave_key(place)
    schema.prepare(url_of(path))
    with opened(path):
        make_demo(password_hash=PASSWORD_HASH, past_quarter=True)
        bring_in(desk_csv(desk_rows(rows)))
        go_on(Office.at_work(path))
    (place / "whole").touch()
    return path


def bring_in(data: bytes) -> None:
    """Import the file as proposed, as the first Petugas."""
    by, head = User.get(User.username == PEOPLE[0]), COLUMNS["story"][0]
    medium = Medium.get(Medium.code == "sambat")
    form = ImportMapping.create(name="Aduan kota", medium=medium, head=head, columns=COLUMNS, closed=[]).form
    batch = stage(data, "aduan.csv", form, "WIB", viewer(by), now())
    refusal = publishing.begin(batch, by=by, at=now(), numbering=WHEN_RAISED, lifts=True)
    assert not refusal, refusal
    publishing.publish(batch.id)


def go_on(office: Office) -> None:
    """Advance the open imported cases: fewer and fewer reach each further state. Papers are printed, those of closed
    cases signed."""
    mine = Complaint.imported & (Complaint.state == current_procedure().awaited[0])
    ids = [number for (number,) in Complaint.select(Complaint.id).where(mine).order_by(Complaint.id).tuples()]
    units = [post.division_id for post in Post.select().where(Post.division.is_null(False)).order_by(Post.id)]
    for share, state in GONE_ON:
        for place, some in enumerate(chunked(ids[: round(len(ids) * share)], TOGETHER)):
            if office.state(some[0]) == "dispose":
                office.do(some, "dispose", unit=units[place % len(units)])
            office.bring(some, state)
    sign_closed(office)


def page_costs(app: Flask, person: str) -> Iterator[PageCost]:
    """Every page that the person reaches, two of a shape, and a hundred rows of each list."""
    visitor = Visitor(app)
    visitor.sign_in(person)

    def visit(address: str) -> list[str]:
        return [unescape(link) for link in LINK.findall(visitor.get(address).text)]

    reached = [address.removeprefix(HOME[:-1]) for address in walk(HOME, visit) if not is_file(address)]
    for address in dict.fromkeys([*reached, *(way for view in lists(app) for way in ways_of(view, visitor))]):
        answer = visitor.get(address)
        if answer.status_code == OK:
            yield PageCost(address, person, cost_of(visitor, address), len(answer.data))


def cost_of(visitor: Visitor, address: str) -> float:
    """Milliseconds of CPU of a page that was requested before; the median of several for an expensive one."""
    begun = time.process_time()
    visitor.get(address)
    ms = (time.process_time() - begun) * 1000
    return median_ms(lambda: visitor.get(address), time.process_time, TIMES) if ms > MOST_MS / 2 else ms


def ways_of(view: PanelView, visitor: Visitor) -> Iterator[str]:
    """URLs of a list with a hundred rows: in each order from both ends, and by each filter offered to the user."""
    page = visitor.get(f"{view.url}/")
    if page.status_code != OK:
        return
    yield f"{view.url}/{HUNDRED}"
    for place, (name, _) in enumerate(view.get_list_columns()):
        if view.is_sortable(name):
            yield from (f"{view.url}/?sort={place}{end}" for end in ("", "&desc=1", f"&{BEFORE}={END_OF_LIST}"))
    for name, options in OFFERED.findall(page.text):
        yield from (f"{view.url}/?{name}={value}" for value in OPTION.findall(options)[:MOST_OPTIONS])


def most_expensive(costs: list[PageCost]) -> list[PageCost]:
    """The most expensive page of each shape of URL, by CPU; lists of a hundred rows are a separate shape."""
    by_shape = {(shape(c.address), HUNDRED in c.address): c for c in sorted(costs, key=lambda cost: cost.ms)}
    return sorted(by_shape.values(), key=lambda cost: -cost.ms)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--people", default=",".join(PEOPLE))
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    begun = time.monotonic()
    app = panel_on(office_with_file(options.rows))
    costs = [cost for person in options.people.split(",") for cost in page_costs(app, person)]
    database.close()
    heavy = [cost for cost in most_expensive(costs) if options.all or cost.ms > MOST_MS or cost.size > MOST_KB * 1000]
    print("\n".join(["| Page | whose | ms of CPU | kB |", "| --- | --- | --: | --: |", *(cost.line for cost in heavy)]))
    print(f"{len(costs)} pages in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
