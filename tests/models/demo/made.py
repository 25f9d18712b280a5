"""Databases with the demo in them, for its tests: made at a moment, then read with the models bound to the file."""

from contextlib import contextmanager
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from models import schema
from models.demo.demo import make_demo
from models.demo.perform import UNPLANNED
from sop import flow
from sop.clock import WIB
from tests.office import PASSWORD_HASH, opened

TUESDAY = datetime(2026, 11, 24, 10, 12, 40, tzinfo=WIB)
AT_OPENING = datetime(2026, 10, 5, 7, 31, tzinfo=WIB)
SUNDAY = datetime(2026, 11, 22, 13, 0, tzinfo=WIB)
AFTER_LEBARAN = datetime(2026, 3, 26, 9, 5, tzinfo=WIB)  # behind it: days off in a row, and Ramadan's shorter hours
NEW_YEAR = datetime(2027, 1, 2, 21, 0, tzinfo=WIB)
MOMENTS = {
    "Tuesday": TUESDAY,
    "at opening": AT_OPENING,
    "Sunday": SUNDAY,
    "after Lebaran": AFTER_LEBARAN,
    "New Year": NEW_YEAR,
}
STOP = next((state for state in flow.AWAITED if state in UNPLANNED), flow.CLOSED)  # as far as the demo's plans go
DONE = list(takewhile(lambda step: step.key != STOP, flow.MAIN_LINE))


def come_to(state: str) -> str:
    """Where a case is that was planned to come to a state: there, or at the first row that the plans do not know."""
    line = (*flow.AWAITED, flow.CLOSED)
    return STOP if state in line and line.index(state) > line.index(STOP) else state


@contextmanager
def demo_database(folder: Path, **how: Any):
    """An open database that `make_demo` has filled."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "demo.sqlite"
    schema.prepare(f"sqlite:///{path}")
    with opened(path):
        make_demo(password_hash=PASSWORD_HASH, **how)
        yield path
