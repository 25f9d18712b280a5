"""Benchmark: CPU time of pages at ten and a hundred thousand cases, per role, compared with stock Flask-Admin over the
same rows and a minimal Flask page.

`python -m bench.lists [--cases 10000 100000]` writes the table into docs/performance.md; `--compare` writes nothing and
fails where a page costs more than is written there. Its databases are cached under build/bench; the CPU time of this
process is measured, as the median of several requests.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from admin.lists.paging import TO_DAY
from bench import rows
from bench.office import made_once
from bench.pages import PAGE, between
from bench.stock import stock_panel
from models.complaint.complaint import Complaint
from models.reading.desk import steps_of_desk
from models.store.base import database
from sop.clock import WIB
from tests.admin.doors import Visitor, panel_on
from tests.office import Office

CACHE = Path(__file__).resolve().parent.parent / "build" / "bench"
BEGIN, END = "<!-- lists -->", "<!-- /lists -->"
TIMES = 7
MOST = 1.3  # of what is written
PEOPLE = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas")
RARE, COMMON = "belalang", "bantuan"  # a word in one case, and in three quarters of them
LIST, STOCK = "/pengaduan/", "stock"
ALIKE = {
    # requests to both: name, our address, stock Flask-Admin's
    "list": (LIST, LIST),
    "rare word": (f"{LIST}?search={RARE}", f"{LIST}?search={RARE}"),
    "common word": (f"{LIST}?search={COMMON}", f"{LIST}?search={COMMON}"),
    "filter and sort": (f"{LIST}?flt0_0=closed&sort=1", f"{LIST}?flt0_0=closed&sort=1"),
    "date sort": (f"{LIST}?sort=4&desc=1", f"{LIST}?sort=5&desc=1"),
    "page at 90 %": (f"{LIST}?{TO_DAY}={{day}}", f"{LIST}?page={{deep}}"),
    "by its old number": (f"{LIST}?page={{deep}}", f"{LIST}?page={{deep}}"),
    "last page": (f"{LIST}?sebelum=akhir", f"{LIST}?page={{last}}"),
}
OURS = {
    "start": "/",
    "desk": f"/meja/{steps_of_desk()[-1].key}/",
    "records": "/disposisi/",
    "papers": "/dokumen/",
    "history": "/riwayat/",
}
OK, CLOSED_TO_USER = 200, (403, 404)
Figures = dict[str, dict[str, float]]  # ms of CPU by page and user name


@dataclass(frozen=True)
class Written:
    """Milliseconds of CPU in a line of docs/performance.md."""

    ms: float
    line: int


@dataclass(frozen=True)
class Measured:
    """The cost of the pages with so many cases."""

    cases: int
    figures: Figures

    @property
    def table(self) -> str:
        """A line per page: for each user, and for stock Flask-Admin with the ratio to the Petugas' page."""
        people = [*PEOPLE, STOCK]
        head = [f"| {self.cases:,} cases | {' | '.join(people)} |", f"| --- |{' --: |' * len(people)}"]
        lines = [f"| {page} | {' | '.join(self._cell(page, name) for name in people)} |" for page in self.figures]
        return "\n".join([*head, *lines])

    def _cell(self, page: str, person: str) -> str:
        ms = self.figures[page].get(person)
        if ms is None:
            return ""
        mine = self.figures[page].get(PEOPLE[0])
        return f"{ms:,.1f} ({ms / mine:.1f} ×)" if person == STOCK and mine else f"{ms:,.1f}"


def tables_in(text: str) -> dict[int, str]:
    """The tables of the page, by number of cases."""
    written = text.partition(BEGIN)[2].partition(END)[0].strip()
    return {int(table.split()[1].replace(",", "")): table for table in written.split("\n\n")}


def figures_in(text: str, cases: int) -> dict[str, dict[str, Written]]:
    """The figures of a table for so many cases, by page and user name."""
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith(f"| {cases:,} cases |"))
    people = [cell.strip() for cell in lines[first].strip("|").split("|")][1:]
    figures: dict[str, dict[str, Written]] = {}
    for place, line in enumerate(lines[first + 2 :], first + 2):
        if not line.startswith("|"):
            break
        page, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        stated = {who: cell.split()[0].replace(",", "") for who, cell in zip(people, cells, strict=True) if cell}
        figures[page] = {who: Written(float(ms), place + 1) for who, ms in stated.items()}
    return figures


def slower(text: str, now: Measured) -> dict[tuple[str, str], str]:
    """The pages that cost more than `MOST` of what the table says, each as a multiple of stock's list of the same run;
    by page and user name, with a sentence."""
    written = figures_in(text, now.cases)
    stock_then, stock_now = written["list"][STOCK].ms, now.figures["list"][STOCK]
    worse = {}
    for page, figures in now.figures.items():
        for person, ms in figures.items():
            before = written.get(page, {}).get(person)
            if before and person in PEOPLE and ms / stock_now > MOST * before.ms / stock_then:
                worse[page, person] = (
                    f"{page} of {person}: {ms / stock_now:.2f} times stock's list, {before.ms / stock_then:.2f} in "
                    f"line {before.line} of {PAGE.name}"
                )
    return worse


def compare(cases: int) -> list[str]:
    """What costs more than the table says, in each of three runs; with the commit that wrote the line."""
    text = PAGE.read_text(encoding="utf-8")
    worse = slower(text, measured(cases))
    for _ in range(2):
        again = slower(text, measured(cases)) if worse else {}
        worse = {key: again[key] for key in worse if key in again}
    written = figures_in(text, cases)
    return [f"{words}, since {commit_of(written[page][who].line)}" for (page, who), words in worse.items()]


def commit_of(line: int) -> str:
    """The commit that wrote this line of docs/performance.md; "?" outside of a repository."""
    asked = ["git", "blame", "-s", "-L", f"{line},{line}", PAGE.name]
    done = subprocess.run(asked, cwd=PAGE.parent, capture_output=True, text=True, check=False)
    return done.stdout.split(" ")[0] or "?"


def office_of(cases: int, folder: Path = CACHE) -> Path:
    """A database with so many cases; cached."""

    def grow(office: Office) -> None:
        with rows.in_a_hurry():
            rows.multiply(cases - 1 - Complaint.select().count())
        office.receive(title=f"{RARE.capitalize()} di halaman balai kota")

    return made_once(folder / str(cases), grow)


def measured(cases: int, people: tuple[str, ...] = PEOPLE) -> Measured:
    """Milliseconds of CPU of every page for each of these users, and of stock Flask-Admin's pages."""
    figures = figures_of(office_of(cases), cases, people, time.process_time)
    deep, last = int(cases * 0.9 / 20), (cases - 1) // 20
    try:
        for name, (_, address) in ALIKE.items():
            measure_page(figures, name, STOCK, stock_panel().test_client().get, address.format(deep=deep, last=last))
        measure_page(figures, "the least Flask page", STOCK, least_page().get, "/")
    finally:
        database.close()
    return Measured(cases, figures)


def figures_of(path: Path, cases: int, people: tuple[str, ...], clock: Callable[[], float]) -> Figures:
    """Milliseconds of every page of the panel on this database for each of these users, by this clock."""
    app = panel_on(path)
    deep, day = int(cases * 0.9 / 20), Complaint.get_by_id(cases // 10).received_at.astimezone(WIB).date()
    figures: Figures = {name: {} for name in (*ALIKE, *OURS)}
    for person in people:
        visitor = Visitor(app)
        visitor.sign_in(person)
        for name, address in pages_of_ours():
            reached = arrived(visitor, address.format(deep=deep, day=day))
            measure_page(figures, name, person, visitor.get, reached, clock)
    return figures


def arrived(visitor: Visitor, address: str) -> str:
    """The address to which a jump within a list redirects; any other address unchanged."""
    return visitor.get(address).headers.get("Location", address) if TO_DAY in address else address


def pages_of_ours() -> Iterator[tuple[str, str]]:
    yield from ((name, ours) for name, (ours, _) in ALIKE.items())
    yield from OURS.items()


def measure_page(
    figures: Figures,
    name: str,
    person: str,
    get: Callable[[str], object],
    address: str,
    clock: Callable[[], float] = time.process_time,
) -> None:
    """Measure a page that the user may open. AssertionError for any other status than 200, 403 or 404."""
    status = get(address).status_code  # type: ignore[attr-defined]
    if status in CLOSED_TO_USER and person in PEOPLE:
        return
    assert status == OK, f"{address} answers {person} with {status}"
    figures.setdefault(name, {})[person] = median_ms(lambda: get(address), clock)


def least_page() -> FlaskClient:
    app = Flask("least")
    app.add_url_rule("/", view_func=lambda: "Panel Pengaduan")
    return app.test_client()


def median_ms(ask: Callable[[], object], clock: Callable[[], float], times: int = TIMES) -> float:
    """Milliseconds by this clock, the median of several requests after one that fills caches."""
    ask()
    taken = []
    for _ in range(times):
        begun = clock()
        ask()
        taken.append((clock() - begun) * 1000)
    return statistics.median(taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--compare", action="store_true")
    asked = parser.parse_args()
    if asked.compare:
        worse = compare(asked.cases[0])
        print("\n".join(worse) or f"No page costs more than {MOST} of what {PAGE.name} says.")
        return len(worse)
    text = PAGE.read_text(encoding="utf-8")
    tables = tables_in(text) | {cases: measured(cases).table for cases in asked.cases}
    print("\n\n".join(tables[cases] for cases in asked.cases))
    every = "\n\n".join(tables[cases] for cases in sorted(tables))
    PAGE.write_text(between(text, BEGIN, END, every), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
