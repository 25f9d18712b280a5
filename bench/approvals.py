"""Benchmark: CPU time of 500 approvals by the panel's own page, of the page that names them, and of complaints in bulk
from receipt to closing.

`python -m bench.approvals [--complaints 500] [--times 7]` prints the medians on SQLite beside their bounds; exit status
1 if one is exceeded. `--profile` prints where the approvals' time goes instead.
"""

import argparse
import cProfile
import gc
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench.advance import prepared
from models.complaint.complaint import Complaint
from sop.flow import current_procedure
from sop.vocabulary import CLOSED
from tests.admin.case.test_steps import typed
from tests.admin.doors import Visitor, panel_on, signed_in
from tests.office import Office, build, copied, opened

PAGE, APPROVALS, RATE = 100.0, 250.0, 80.0  # ms, ms, complaints a second
TOGETHER = 200  # complaints that pass through the whole procedure together
FIRST = 5  # approved before anything is measured, so that caches are filled as on any working day


@contextmanager
def profiled() -> Any:
    """Print the functions that take most of the block's time."""
    with cProfile.Profile() as profile:
        yield
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    pstats.Stats(profile).sort_stats("cumtime").print_stats(110)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of CPU time, and the result; what was left over from before is not counted."""
    gc.collect()
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1000, result


def approved(template: Path, folder: Path, ids: list[int], *, profile: bool) -> tuple[float, float]:
    """Milliseconds of the page that names these complaints, and of their approval, on a copy of the database."""
    visitor = signed_in(panel_on(copied(template, folder)), "kadis")
    visitor.page("/pengaduan/")
    _approve(visitor, ids[:FIRST])
    with profiled() if profile else nullcontext():
        return _approve(visitor, ids[FIRST:])


def _approve(visitor: Visitor, ids: list[int]) -> tuple[float, float]:
    chosen, token = [str(number) for number in ids], visitor.token()
    fields = {"csrf_token": token, "action": "approve", "rowid": chosen}
    page_time, page = timed(lambda: visitor.client.post("/pengaduan/action/", data=fields))
    form = typed(page.text)
    act_time, answer = timed(lambda: visitor.client.post("/pengaduan/langkah/approve/", data=form))
    assert answer.status_code == 303, answer.status_code
    assert not Complaint.select().where(Complaint.id.in_(ids) & (Complaint.state == "approve")).exists()
    return page_time, act_time


def closed_in_bulk(folder: Path, count: int) -> float:
    """Complaints a second of CPU time from receipt to closing, by the acts of the models."""
    path = build(folder)
    with opened(path):
        office = Office.at_work(path)
        office.bring(office.receive(FIRST), CLOSED)
        taken, ids = timed(lambda: _closed(office, count))
        assert {c.state for c in Complaint.select().where(Complaint.id.in_(ids))} == {CLOSED}
    return count / taken * 1000


def _closed(office: Office, count: int) -> list[int]:
    ids = office.receive(count)
    while office.state(ids[0]) in current_procedure().awaited:
        office.do(ids, current_procedure().from_state(office.state(ids[0]))[0].key)
    return ids


def measure(count: int, times: int, *, profile: bool) -> tuple[float, float, float]:
    """The medians: milliseconds of the page and of the approvals, and complaints a second."""
    pages, acts, rates = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        template, ids = prepared(Path(folder), count + FIRST)
        for turn in range(times):
            places = [Path(folder) / str(turn) / part for part in ("approved", "closed")]
            for place in places:
                place.mkdir(parents=True)
            page, act = approved(template, places[0], ids, profile=profile)
            pages.append(page)
            acts.append(act)
            rates.append(closed_in_bulk(places[1], TOGETHER))
    return statistics.median(pages), statistics.median(acts), statistics.median(rates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=500)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    page, act, rate = measure(options.complaints, options.times, profile=options.profile)
    print(f"{options.complaints} complaints on SQLite, CPU time, medians of {options.times}:")
    print(f"  the page that names them    {page:7.1f} ms   (at most {PAGE:g})")
    print(f"  their approval              {act:7.1f} ms   (at most {APPROVALS:g})")
    print(f"  receipt to closing          {rate:7.1f} /s   (at least {RATE:g})")
    return int(page > PAGE or act > APPROVALS or rate < RATE)


if __name__ == "__main__":
    sys.exit(main())
