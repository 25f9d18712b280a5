"""Measures the press of a whole panel: seconds from 500 approvals to the last paper, and lists while papers print.

The panel and its press run in this process as `python app.py` runs them; the print workers are processes of their own.
"""

import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from admin.server import background
from bench.office import made_once
from bench.start import cpu_seconds
from models.complaint.complaint import Complaint
from models.complaint.paper import PaperToPrint
from models.store.base import database, wake_all
from models.workflow import workflow
from sop.flow import current_procedure
from tests.admin.doors import panel_on, signed_in
from tests.office import Office

CACHE = Path(__file__).resolve().parent.parent / "build" / "bench"
WAVE, PORTION, ROUNDS = 500, 100, 6  # papers until the last of which is timed; papers during which lists are asked for
READERS = ("petugas", "kadis", "bidang.rehsos", "pengawas")  # in turn, since a user's server time is limited
PAUSE = 0.02  # seconds between two lists
APPROVE = current_procedure().rows[-2].transitions[-1].key


@dataclass(frozen=True)
class Wave:
    """Papers that were approved at once, with the seconds until the last was printed: on the clock and of CPU."""

    papers: int
    clock: float
    cpu: float


@dataclass(frozen=True)
class PressFigures:
    """A wave of papers, and the milliseconds of each list that was asked for: while idle and while papers print."""

    wave: Wave
    idle: list[float]
    printing: list[float]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What docs/performance.md says of them."""
        idle, printing = _p99(self.idle), _p99(self.printing)
        return [
            (f"{self.wave.papers} approved, s until the last is printed", f"{self.wave.clock:.1f}"),
            ("the same, s of CPU of panel and workers", f"{self.wave.cpu:.1f}"),
            ("list, p99 while idle, ms", f"{idle:.0f}"),
            (f"list, p99 while {PORTION} papers print, ms", f"{printing:.0f} ({printing / idle:.1f} ×)"),
        ]


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[-1]


def measured(wave: int = WAVE, rounds: int = ROUNDS) -> PressFigures:
    """Approve a wave, then so many portions, on a copy of a cached office whose complaints wait for that."""
    count = WAVE + ROUNDS * PORTION
    made = made_once(CACHE / f"press-{count}", lambda office: _await_approval(office, count))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(made.parent, folder, dirs_exist_ok=True)
        app = panel_on(Path(folder) / made.name)
        database.connect(reuse_if_open=True)
        office, waiting = Office.at_work(made), _waiting()
        ask = _reader(app)
        with _working_press(app):
            _print(office, [waiting.pop(), waiting.pop()])  # starts the workers
            timed = _print(office, waiting[:wave])
            idle: list[float] = []
            printing: list[float] = []
            for first in range(wave, wave + rounds * PORTION, PORTION):
                idle += [ask() for _ in range(PORTION)]
                _print(office, waiting[first : first + PORTION], lambda: printing.append(ask()))
        database.close()
    return PressFigures(timed, idle, printing)


def _await_approval(office: Office, count: int) -> None:
    office.bring(office.receive(count), APPROVE)
    PaperToPrint.delete().execute()


def _waiting() -> list[int]:
    ids = Complaint.select(Complaint.id).where(Complaint.state == APPROVE).order_by(Complaint.id.desc())
    return [number for (number,) in ids.tuples()]


@contextmanager
def _working_press(app: Flask) -> Iterator[None]:
    stop = threading.Event()
    thread = background.start_press(app, stop)
    try:
        yield
    finally:
        stop.set()
        wake_all()
        thread.join()


def _reader(app: Flask) -> Callable[[], float]:
    """Asks for the first page of the list as the next reader: milliseconds until it is answered."""
    visitors = [signed_in(app, name) for name in READERS]

    def ask() -> float:
        time.sleep(PAUSE)
        visitors.append(visitor := visitors.pop(0))
        begun = time.perf_counter()
        assert visitor.get("/pengaduan/").status_code == 200
        return (time.perf_counter() - begun) * 1000

    return ask


def _print(office: Office, ids: list[int], meanwhile: Callable[[], object] = lambda: time.sleep(PAUSE)) -> Wave:
    """Approve these complaints, and do something again and again until all papers are printed."""
    database.connect(reuse_if_open=True)
    outcome = workflow.advance(ids, APPROVE, by=office["kadis"], at=office.tick())
    assert len(outcome.papers) == len(ids), outcome.refused
    begun, cpu = time.perf_counter(), cpu_seconds(os.getpid())
    while PaperToPrint.select().exists():
        meanwhile()
        database.connect(reuse_if_open=True)
    return Wave(len(ids), time.perf_counter() - begun, cpu_seconds(os.getpid()) - cpu)
