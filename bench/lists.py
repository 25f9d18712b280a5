"""What pages cost the server at ten and a hundred thousand cases, for each role, beside stock Flask-Admin over the same
rows and the least page of Flask.

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
from flask.testing import FlaskClient

from admin.lists.paging import TO_DAY
from bench import rows
from bench.office import made_once
from bench.pages import PAGE, between
from bench.stock import stock_panel
from models.complaint.complaint import Complaint
from models.reading.desk import STEPS
from models.store.base import database
from sop.clock import WIB
from tests.admin.doors import Visitor, panel_on
from tests.office import Office

KEPT = Path(__file__).resolve().parent.parent / "build" / "bench"
BEGIN, END = "<!-- lists -->", "<!-- /lists -->"
TIMES = 7
PEOPLE = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas")
RARE, COMMON = "belalang", "bantuan"  # a word of one case, and of three in four
LIST, STOCK = "/pengaduan/", "stock"
ALIKE = {
    # what both are asked: its name, our address, that of stock Flask-Admin
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
    "desk": f"/meja/{STEPS[-1].key}/",
    "records": "/disposisi/",
    "papers": "/dokumen/",
    "history": "/riwayat/",
}
OK, NOT_HIS = 200, (403, 404)
Figures = dict[str, dict[str, float]]  # ms of CPU by page and whose they are


@dataclass(frozen=True)
class Measured:
    """What the pages of an office with so many cases cost."""

    cases: int
    figures: Figures

    @property
    def table(self) -> str:
        """Page by page: each person's, and stock Flask-Admin's with how many times the Petugas' page goes into it."""
        people = [*PEOPLE, STOCK]
        head = [f"| {self.cases:,} cases | {' | '.join(people)} |", f"| --- |{' --: |' * len(people)}"]
        lines = [f"| {page} | {' | '.join(self._cell(page, one) for one in people)} |" for page in self.figures]
        return "\n".join([*head, *lines])

    def _cell(self, page: str, person: str) -> str:
        ms = self.figures[page].get(person)
        if ms is None:
            return ""
        mine = self.figures[page].get(PEOPLE[0])
        return f"{ms:,.0f} ({ms / mine:.1f} ×)" if person == STOCK and mine else f"{ms:,.0f}"


def office_of(cases: int, folder: Path = KEPT) -> Path:
    """A database with so many cases; made once."""

    def grow(office: Office) -> None:
        rows.multiply(cases - 1 - Complaint.select().count())
        office.receive(title=f"{RARE.capitalize()} di halaman balai kota")

    return made_once(folder / str(cases), grow)


def measured(cases: int, people: tuple[str, ...] = PEOPLE) -> Measured:
    """Milliseconds of CPU of every page for each of these people, and of stock Flask-Admin's beside them."""
    path = office_of(cases)
    app = panel_on(path)
    deep, last = int(cases * 0.9 / 20), (cases - 1) // 20
    day = Complaint.get_by_id(cases // 10).received_at.astimezone(WIB).date()
    figures: Figures = {name: {} for name in (*ALIKE, *OURS)}
    try:
        for person in people:
            visitor = Visitor(app)
            visitor.sign_in(person)
            for name, address in pages_of_ours():
                keep(figures, name, person, visitor.get, arrived(visitor, address.format(deep=deep, day=day)))
        for name, (_, address) in ALIKE.items():
            keep(figures, name, STOCK, stock_panel().test_client().get, address.format(deep=deep, last=last))
        keep(figures, "the least Flask page", STOCK, least_page().get, "/")
    finally:
        database.close()
    return Measured(cases, figures)


def arrived(visitor: Visitor, address: str) -> str:
    """Where a jump within a list leads; any other address as it is."""
    return visitor.get(address).headers.get("Location", address) if TO_DAY in address else address


def pages_of_ours() -> Iterator[tuple[str, str]]:
    yield from ((name, ours) for name, (ours, _) in ALIKE.items())
    yield from OURS.items()


def keep(figures: Figures, name: str, person: str, get: Callable[[str], object], address: str) -> None:
    """Measure a page, if it is the person's. What answers otherwise has no figure, and stops the bench."""
    status = get(address).status_code  # type: ignore[attr-defined]
    if status in NOT_HIS and person in PEOPLE:
        return
    assert status == OK, f"{address} answers {person} with {status}"
    figures.setdefault(name, {})[person] = cpu_ms(lambda: get(address))


def least_page() -> FlaskClient:
    app = Flask("least")
    app.add_url_rule("/", view_func=lambda: "Panel Pengaduan")
    return app.test_client()


def cpu_ms(ask: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds of CPU, the median of several, after one that fills what is kept."""
    ask()
    found = []
    for _ in range(times):
        begun = time.process_time()
        ask()
        found.append((time.process_time() - begun) * 1000)
    return statistics.median(found)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    told = "\n\n".join(measured(cases).table for cases in asked.parse_args().cases)
    print(told)
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, told), encoding="utf-8")


if __name__ == "__main__":
    main()
