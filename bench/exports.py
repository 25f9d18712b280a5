"""Benchmark: export of the list of complaints as CSV and XLSX, compared with stock Flask-Admin's for the same rows.

`python -m bench.exports [--rows 100000]` writes the table into docs/performance.md. Each export runs in its own
process, one after the other: CPU and wall-clock seconds, and the growth of memory from a small export to this one.
"""

import argparse
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from peewee import chunked

from bench.office import made_once
from bench.pages import between
from bench.stock import StockExport, stock_panel
from models.complaint.complaint import Complaint
from models.store.base import database, insert_rows
from tests.admin.doors import Visitor, panel_on

ROOT = Path(__file__).resolve().parent.parent
CACHE, PAGE = ROOT / "build" / "bench", ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- exports -->", "<!-- /exports -->"
SHARE, MOST_MB = 1 / 6, 30  # bounds: share of stock's time; growth of memory
STOCK = "stock Flask-Admin, CSV"
WAYS = (STOCK, "csv", "xlsx")
HEAD = ("Way", "s of CPU", "of stock's", "s on the clock", "grown by, MB", "file, MB")


@dataclass(frozen=True)
class Cost:
    """The cost of one export: seconds of CPU and wall clock, growth of memory and file size in MB."""

    way: str
    cpu: float
    clock: float
    grown: float
    size: float

    def line(self, stock: "Cost") -> str:
        ratio = "1" if self is stock else f"1/{stock.cpu / self.cpu:.1f}"
        figures = (f"{self.cpu:.1f}", ratio, f"{self.clock:.1f}", f"{self.grown:.0f}", f"{self.size:.1f}")
        return f"| {self.way} | {' | '.join(figures)} |"


def office_of(rows: int, folder: Path = CACHE) -> Path:
    """A database with so many complaints, made once; only rows of `complaint`, since an export reads no other table."""
    return made_once(folder / f"exports-{rows}", lambda office: multiply(rows - Complaint.select().count()))


def multiply(count: int) -> None:
    """Insert copies of complaints with other numbers and dates."""
    made, chance = [dict(complaint.__data__) for complaint in Complaint.select()], Random(1)
    for part in chunked(range(count), 1_000):
        with database.atomic():
            insert_rows(Complaint, [_copy(chance.choice(made), n, chance.randrange(2_000)) for n in part])


def _copy(row: dict[str, object], n: int, days: int) -> dict[str, object]:
    moved = {name: at - timedelta(days=days) for name, at in row.items() if hasattr(at, "hour")}
    own = {"number": f"PGD/{n}/B", "public_id": secrets.token_urlsafe(12), "form_digest": None}
    return {name: value for name, value in {**row, **moved, **own}.items() if name != "id"}


def cost(way: str, path: Path) -> Cost:
    """Measure in this process: a small export first, then the whole list."""
    small, whole = (_stock if way == STOCK else _ours)(way, path)
    small()
    before, begun, cpu = _memory("VmRSS"), time.monotonic(), time.process_time()
    Path("/proc/self/clear_refs").write_text("5")  # reset the peak (VmHWM)
    size = whole()
    spent, passed = time.process_time() - cpu, time.monotonic() - begun
    return Cost(way, spent, passed, _memory("VmHWM") - before, size / 1e6)


def _ours(way: str, path: Path) -> tuple[Callable[[], int], Callable[[], int]]:
    visitor = Visitor(panel_on(path))
    visitor.sign_in("kadis")
    address = f"/pengaduan/export/{way}/"
    return (lambda: _read(visitor, f"{address}?search=PGD/17/B")), (lambda: _read(visitor, address))


def _stock(way: str, path: Path) -> tuple[Callable[[], int], Callable[[], int]]:
    panel_on(path)

    def export(most: int) -> int:
        return _read(Visitor(stock_panel(StockExport, export_max_rows=most)), "/pengaduan/export/csv/")

    return (lambda: export(10)), (lambda: export(0))


def _read(visitor: Visitor, address: str) -> int:
    """Size of the file in bytes, without storing it."""
    answer = visitor.client.get(address, buffered=False)
    assert answer.status_code == 200, answer.status_code
    size = sum(len(part) for part in answer.response)
    answer.close()
    return size


def _memory(name: str) -> float:
    """Megabytes of this value of /proc/self/status."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def measured(rows: int) -> Iterator[Cost]:
    path = office_of(rows)
    for way in WAYS:
        command = [sys.executable, "-m", "bench.exports", "--one", way, str(path)]
        output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        yield Cost(**json.loads(output.splitlines()[-1]))


def table(costs: list[Cost]) -> str:
    rule = f"| {' | '.join(['---'] + ['--:'] * (len(HEAD) - 1))} |"
    return "\n".join([f"| {' | '.join(HEAD)} |", rule, *(cost.line(costs[0]) for cost in costs)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--one", nargs=2, metavar=("WAY", "DATABASE"))
    options = parser.parse_args()
    if options.one:
        print(json.dumps(asdict(cost(options.one[0], Path(options.one[1])))))
        return
    costs = list(measured(options.rows))
    print(table(costs))
    PAGE.write_text(between(PAGE.read_text(), BEGIN, END, table(costs)))
    over = [c.way for c in costs[1:] if c.cpu > costs[0].cpu * SHARE or c.grown > MOST_MB]
    sys.exit(f"over the bound: {', '.join(over)}" if over else 0)


if __name__ == "__main__":
    main()
