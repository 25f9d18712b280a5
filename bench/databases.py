"""Benchmark: what pages take on PostgreSQL beside SQLite, by the clock, as PostgreSQL answers in processes of its own.

`make bench-databases` (ARGS="--cases 10000") makes an office on each, asks for the same pages in the same order, and
writes the table into docs/performance.md.
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench import rows
from bench.lists import PEOPLE, RARE, Figures, figures_of
from bench.office import fill
from bench.pages import PAGE, between
from models.complaint.complaint import Complaint
from tests import postgres
from tests.office import ENGINES, Office, build, dropped, opened

BEGIN, END = "<!-- databases -->", "<!-- /databases -->"


def measured(engine: str, cases: int) -> Figures:
    """Milliseconds on the clock of every page for each user, on a new database with so many cases."""
    with tempfile.TemporaryDirectory() as folder:
        path = build(Path(folder), engine)
        with opened(path):
            office = Office.at_work(path)
            fill(office)
            with rows.in_a_hurry():
                rows.multiply(cases - 1 - Complaint.select().count())
            office.receive(title=f"{RARE.capitalize()} di halaman balai kota")
        if engine == "postgresql":  # as its autovacuum does by itself
            with postgres.server().boss(path.read_text().splitlines()[2]) as boss:
                boss.execute("VACUUM ANALYZE")
        figures = figures_of(path, cases, PEOPLE, time.perf_counter)
        dropped(path)
    return figures


def table(of_engines: dict[str, Figures], cases: int) -> str:
    """A line per page: for each user milliseconds on PostgreSQL, and how many times SQLite's they are."""
    ours, other = (of_engines[engine] for engine in ENGINES)
    head = [f"| {cases:,} cases | {' | '.join(PEOPLE)} |", f"| --- |{' --: |' * len(PEOPLE)}"]
    lines = [
        f"| {page} | {' | '.join(_cell(ours[page].get(person), other[page].get(person)) for person in PEOPLE)} |"
        for page in ours
    ]
    return "\n".join([*head, *lines])


def _cell(sqlite: float | None, postgresql: float | None) -> str:
    return f"{postgresql:.1f} ({postgresql / sqlite:.1f} ×)" if sqlite and postgresql else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    cases = parser.parse_args().cases
    text = table({engine: measured(engine, cases) for engine in ENGINES}, cases)
    print(text)
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, text), encoding="utf-8")


if __name__ == "__main__":
    main()
