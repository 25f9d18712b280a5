"""Benchmark: 500 approvals in one `advance` against the same SQL statements by executemany in one transaction.

The raw statements contain uncompressed texts: compression counts as work of `advance`.

`python -m bench.advance [--complaints 500] [--times 9]` prints both medians and their ratio; exit status 1 above 10.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import sqlite3

from bench.seals import as_they_are
from models.store import sqlite
from models.workflow import workflow
from tests.office import Office, build, copied, opened

MOST = 10.0
WRITES = ("INSERT", "UPDATE", "DELETE")
Statement = tuple[str, list[Sequence[Any]]]


@dataclass
class Recorder:
    """Replaces the connection's cursors and records every writing statement with its rows."""

    cursor: Any
    recorded: list[Statement] = field(default_factory=list)

    def __call__(self, *args: Any) -> "Recorder":
        return Recorder(self.cursor(*args), self.recorded)

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        self.record(sql, [params])
        return self.cursor.execute(sql, params)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> Any:
        self.record(sql, list(rows))
        return self.cursor.executemany(sql, rows)

    def record(self, sql: str, rows: list[Sequence[Any]]) -> None:
        if sql.lstrip().upper().startswith(WRITES):
            self.recorded.append((sql, rows))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cursor)


def prepared(folder: Path, count: int) -> tuple[Path, list[int]]:
    """A database with `count` complaints that await approval."""
    path = build(folder)
    with opened(path):
        office = Office.at_work(path)
        ids = office.receive(count)
        office.bring(ids, "approve")
    return path, ids


def advanced(path: Path, ids: list[int]) -> tuple[float, list[Statement]]:
    """Approve them all in one `advance`: seconds, and the recorded statements."""
    with opened(path) as database:
        office = Office.at_work(path)
        recorder = Recorder(database.cursor)
        with contextlib.ExitStack() as stack:
            stack.callback(setattr, database, "cursor", database.cursor)
            database.cursor = recorder
            start = time.perf_counter()
            outcome = workflow.advance(ids, "approve", by=office["kadis"], at=office.tick())
            taken = time.perf_counter() - start
    assert len(outcome.done) == len(outcome.papers) == len(ids), outcome.refused
    return taken, recorder.recorded


def replayed(path: Path, statements: list[Statement]) -> float:
    """Run the recorded statements on a connection with the same settings: seconds."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for name, value in sqlite.PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in statements:
            connection.executemany(sql, rows)
        connection.execute("COMMIT")
        return time.perf_counter() - start
    finally:
        connection.close()


def measure(count: int, times: int) -> tuple[float, float]:
    """Median seconds of `advance` and of the raw statements, each time on a fresh copy."""
    ours, raw = [], []
    with tempfile.TemporaryDirectory() as folder:
        template, ids = prepared(Path(folder), count)
        for turn in range(times):
            place = Path(folder) / str(turn)
            for part in ("ours", "plain", "raw"):
                (place / part).mkdir(parents=True)
            ours.append(advanced(copied(template, place / "ours"), ids)[0])
            with as_they_are():
                _, statements = advanced(copied(template, place / "plain"), ids)
            raw.append(replayed(copied(template, place / "raw"), statements))
    return statistics.median(ours), statistics.median(raw)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=500)
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    ours, raw = measure(options.complaints, options.times)
    print(f"{options.complaints} approvals, median of {options.times}:")
    print(f"  one advance                 {ours * 1000:7.1f} ms")
    print(f"  same statements, raw        {raw * 1000:7.1f} ms")
    print(f"  ratio                       {ours / raw:7.1f}   (at most {MOST:g})")
    return int(ours / raw > MOST)


if __name__ == "__main__":
    sys.exit(main())
