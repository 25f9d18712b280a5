"""Benchmark: the panel's list beside those of stock Flask-Admin, Django admin and Flask-AppBuilder, over the same rows.

`python -m bench.peers [--cases 10000] [--rounds 100]` writes the tables into docs/performance.md. Each application is a
process of its own with waitress. First it is asserted that all show the same rows, search, filter, pager and the rights
of each person; then eight clients at once ask each of them, and one client asks all in turn. At a million cases the
exit status says whether AIMS are met.
"""

import argparse
import json
import re
import shutil
import sqlite3
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench.lists import COMMON, RARE, office_of
from bench.pages import PAGE, between
from bench.peers.client import PANEL, STOCK, Answer, Application, Browser, applications
from bench.peers.serving import ACTOR, READER
from tests.office import PASSWORD

BEGIN, END = "<!-- peers -->", "<!-- /peers -->"
OK, ROWS = 200, 20  # rows of a page
LIST = "list"
AIMS = {LIST: 4, "rare word": 50, "common word": 10, "filter and sort": 20}  # how many times less than any peer's CPU
CLIENTS, SECONDS, AIM_OF_CLIENTS, AIMED_AT = 8, 10, 3, 1_000_000
HEAD = ("page", "of", "CPU, ms", "× panel", "wall, ms", "p99, ms", "statements", "kB")
Costs = dict[tuple[str, str], list[Answer]]  # by page and application


def plain_copy(panel: Path) -> Path:
    """The panel's complaints as plain_rows.sql copies them, beside its database; made once."""
    place = panel.with_name("plain.sqlite")
    if not place.exists():
        unfinished = place.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        connection = sqlite3.connect(unfinished, isolation_level=None)
        connection.execute("ATTACH ? AS panel", [str(panel)])
        connection.executescript(Path(__file__).with_name("plain_rows.sql").read_text(encoding="utf-8"))
        connection.close()
        unfinished.rename(place)
    return place


def own_copy(name: str, plain: Path) -> Path:
    """A peer's own database, to which it adds its accounts."""
    for old in plain.parent.glob(f"{name}.sqlite*"):
        old.unlink()
    return Path(shutil.copyfile(plain, plain.with_name(f"{name}.sqlite")))


def addresses(app: Application, plain: Path, cases: int) -> dict[str, str]:
    """The address of each page that is measured."""
    deep = cases * 9 // 10 // ROWS
    connection = sqlite3.connect(plain)
    before = connection.execute("SELECT row_due_at, id FROM complaint WHERE place = ?", [deep * ROWS]).fetchone()
    connection.close()
    place = json.dumps([2, *before], separators=(",", ":")).replace(" ", "+")  # 2: the case has ended
    queries = {
        LIST: "",
        "rare word": app.search.format(RARE),
        "common word": app.search.format(COMMON),
        "filter and sort": app.filter_and_sort,
        "date sort": app.date_sort,
        "page at 90 %": app.page.format(place if app.name == PANEL else deep + app.first_page),
        "last page": app.last or app.page.format((cases - 1) // ROWS + app.first_page),
    }
    return {page: app.list + query for page, query in queries.items()}


def check(visitor: Browser, pages: dict[str, str], shown: dict[str, list[int]]) -> Browser:
    """Assert that an application shows the rows that the first one has `shown`, its controls, the action only to who
    may act, and nothing without sign-in; the browser of who may act."""
    app, actor, reader = visitor.app, visitor.signed_in(ACTOR, PASSWORD), visitor.signed_in(READER, PASSWORD)
    for page, address in pages.items():
        answer = actor.get(address)
        assert answer.status == OK, f"{app.title} answers {answer.status} to {address}"
        ids = app.ids(answer.html)
        assert ids, f"{app.title} shows no rows on {address}"
        assert ids == shown.setdefault(page, ids), f"{app.title} shows other rows on {address}"
    own, read = actor.get(app.list).html, reader.get(app.list).html
    missing = [control for control in (*app.controls, app.action) if not re.search(control, own)]
    assert not missing, f"{app.title} lacks {missing}"
    assert app.ids(read) == shown[LIST], f"{app.title} shows other rows to who only reads"
    assert not re.search(app.action, read), f"{app.title} offers the action to who only reads"
    assert not app.ids(visitor.get(app.list).html), f"{app.title} is open to anybody"
    return actor


def requests_a_second(actor: Browser, addresses: list[str]) -> float:
    """Of eight clients that go round the pages, each from another one on."""
    begun = time.monotonic()

    def go_round(number: int) -> int:
        browser, count = actor.another(), 0
        while time.monotonic() < begun + SECONDS:
            answer = browser.get(addresses[(number + count) % len(addresses)])
            assert answer.status == OK, f"{actor.app.title} answers {answer.status} to one of {CLIENTS} clients"
            count += 1
        return count

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(go_round, range(CLIENTS))) / (time.monotonic() - begun)


def asked_in_turn(actors: list[Browser], pages: dict[str, dict[str, str]], rounds: int) -> Costs:
    costs: Costs = {(page, actor.app.name): [] for page in pages[PANEL] for actor in actors}
    for turn in range(rounds):
        first = turn % len(actors)
        for page in pages[PANEL]:
            for actor in actors[first:] + actors[:first]:
                answer = actor.get(pages[actor.app.name][page])
                costs[page, actor.app.name].append(replace(answer, html=""))
    return costs


@dataclass(frozen=True)
class Measured:
    """What everything cost with so many cases."""

    cases: int
    titles: dict[str, str]
    costs: Costs
    rates: dict[str, float]

    def cpu(self, page: str, name: str) -> float:
        """Milliseconds, the median."""
        return 1000 * statistics.median(answer.cpu for answer in self.costs[page, name])

    def shortfalls(self) -> list[str]:
        """What falls short of the aims."""
        peers = [name for name in self.titles if name != PANEL]
        times = {page: min(self.cpu(page, name) for name in peers) / self.cpu(page, PANEL) for page in AIMS}
        times["eight clients"] = self.rates[PANEL] / self.rates[STOCK]
        aims = {**AIMS, "eight clients": AIM_OF_CLIENTS}
        return [f"{page}: {times[page]:.1f} ×, aim {aim}" for page, aim in aims.items() if times[page] < aim]

    @property
    def table(self) -> str:
        head = f"{self.cases:,} cases:\n\n| {' | '.join(HEAD)} |\n| --- | --- |{' --: |' * (len(HEAD) - 2)}"
        rates = ", ".join(f"{self.titles[name]} {rate:,.0f}" for name, rate in self.rates.items())
        lines = [self._line(page, name) for page, name in self.costs]
        return "\n".join([head, *lines, f"\nEight clients, requests a second: {rates}."])

    def _line(self, page: str, name: str) -> str:
        answers, cpu = self.costs[page, name], self.cpu(page, name)
        walls = [1000 * answer.wall for answer in answers]
        *_, p99 = statistics.quantiles(walls, n=100, method="inclusive")
        times = "" if name == PANEL else f"{cpu / self.cpu(page, PANEL):.1f}"
        statements = statistics.median(answer.statements for answer in answers)
        figures = (f"{cpu:.1f}", times, f"{statistics.median(walls):.1f}", f"{p99:.1f}", f"{statements:.0f}")
        return f"| {page} | {self.titles[name]} | {' | '.join(figures)} | {answers[-1].size / 1000:.0f} |"


def measured(cases: int, rounds: int) -> Measured:
    apps, panel, shown = applications(), office_of(cases), dict[str, list[int]]()
    plain = plain_copy(panel)
    pages = {app.name: addresses(app, plain, cases) for app in apps}
    with ExitStack() as stack:
        databases = {app.name: panel if app.name == PANEL else own_copy(app.name, plain) for app in apps}
        visitors = [stack.enter_context(app.served(databases[app.name], PASSWORD)) for app in apps]
        actors = [check(visitor, pages[visitor.app.name], shown) for visitor in visitors]
        # before all are asked in turn, since the panel slows who has used it for 15 seconds within a minute
        rates = {actor.app.name: requests_a_second(actor, [*pages[actor.app.name].values()]) for actor in actors}
        costs = asked_in_turn(actors, pages, rounds)
    return Measured(cases, {app.name: app.title for app in apps}, costs, rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    short = []
    for cases in options.cases:
        result = measured(cases, options.rounds)
        print(result.table, flush=True)
        write(result, options.rounds)
        short += result.shortfalls() if cases >= AIMED_AT else []
    sys.exit(f"Short of the aims: {'; '.join(short)}" if short else 0)


def write(result: Measured, rounds: int) -> None:
    """Write the table of one size into docs/performance.md, beside those of other sizes."""
    text = PAGE.read_text(encoding="utf-8")
    of_sizes = re.split(r"^(?=[0-9,]+ cases, )", text.partition(BEGIN)[2].partition(END)[0], flags=re.M)[1:]
    tables = {int(table.split()[0].replace(",", "")): table.strip() for table in of_sizes}
    tables[result.cases] = result.table.replace(" cases:", f" cases, {rounds} requests each:", 1)
    versions = ", ".join(app.version for app in applications() if app.name != PANEL)
    whole = "\n\n".join([f"{versions}.", *(tables[cases] for cases in sorted(tables))])
    PAGE.write_text(between(text, BEGIN, END, whole), encoding="utf-8")


if __name__ == "__main__":
    main()
