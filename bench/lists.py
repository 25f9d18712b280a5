"""What pages cost the server at ten and a hundred thousand cases, for each role, beside the least page of Flask.

`python -m bench.lists [--cases 10000 100000]` writes the table into docs/performance.md. The offices that it makes are
kept under build/bench; CPU of this process is counted, a request's median of several.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench import office as patterns
from bench import rows
from models.store.base import database
from models.tables.complaint import Complaint
from tests.admin.doors import Visitor, panel_on
from tests.office import Office, build, leave_key, opened

ROOT = Path(__file__).resolve().parent.parent
KEPT, PAGE = ROOT / "build" / "bench", ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- lists -->", "<!-- /lists -->"
MOST = 60.0  # ms, of any page at a hundred thousand cases
TIMES = 7
PEOPLE = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas")
PAGES = {
    "list": "/pengaduan/",
    "filter and sort": "/pengaduan/?flt0_0=closed&sort=1",
    "date sort": "/pengaduan/?sort=4&desc=1",
    "page at 90 %": "/pengaduan/?page={deep}",
    "start": "/",
    "desk": "/meja/",
    "records": "/disposisi/",
    "papers": "/dokumen/",
    "history": "/riwayat/",
}
LEAST = "the least Flask page"


@dataclass(frozen=True)
class Spent:
    """CPU of one page for one person."""

    page: str
    person: str
    ms: float


def office_of(cases: int, folder: Path = KEPT) -> Path:
    """A database with so many cases; made once."""
    place = folder / str(cases)
    path = place / "panel.sqlite"
    if (place / "whole").exists():
        return path
    place.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    build(place)
    leave_key(place)
    with opened(path):
        patterns.fill(Office.at_work(path))
        rows.multiply(cases - Complaint.select().count())
    (place / "whole").touch()
    return path


def spent(app: Flask, cases: int) -> Iterator[Spent]:
    """Every page of every person, and the least page of Flask."""
    deep = int(cases * 0.9 / 20)
    for person in PEOPLE:
        visitor = Visitor(app)
        visitor.sign_in(person)
        for page, address in PAGES.items():
            path = address.format(deep=deep)
            if visitor.get(path).status_code == 200:
                yield Spent(page, person, cpu_ms(lambda visitor=visitor, path=path: visitor.get(path)))
    client = least_page().test_client()
    yield Spent(LEAST, "", cpu_ms(lambda: client.get("/")))


def least_page() -> Flask:
    app = Flask("least")
    app.add_url_rule("/", view_func=lambda: "Panel Pengaduan")
    return app


def cpu_ms(ask: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds of CPU, the median of several, after one that fills what is kept."""
    ask()
    found = []
    for _ in range(times):
        begun = time.process_time()
        ask()
        found.append((time.process_time() - begun) * 1000)
    return statistics.median(found)


def measured(cases: int) -> list[Spent]:
    path = office_of(cases)
    app = panel_on(path)
    try:
        return list(spent(app, cases))
    finally:
        database.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    given = asked.parse_args()
    for cases in given.cases:
        for one in measured(cases):
            print(cases, one.page, one.person, round(one.ms, 1), flush=True)


if __name__ == "__main__":
    main()
