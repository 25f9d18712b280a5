"""Databases with the demo in them, for its tests: made at a moment, then read with the models bound to the file."""

from contextlib import contextmanager
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from models import schema
from models.demo.demo import make_demo
from models.demo.steps import is_unplanned
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import CLOSED
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
LINE = (*current_procedure().awaited, CLOSED)
STOP = LINE[
    1 + max(n for n, state in enumerate(current_procedure().awaited) if not is_unplanned(state))
]  # as far as the plans go
DONE = list(takewhile(lambda step: step.key != STOP, current_procedure().main_line))


def come_to(state: str) -> str:
    """Where a case is that was planned to come to a state: there, or at the first row that the plans do not know."""
    return STOP if state in LINE and LINE.index(state) > LINE.index(STOP) else state


def waits_at(state: str) -> str:
    """Where a case waits whose plan ends before this act: there, or before one that no plan knows."""
    place = LINE.index(state) if state in LINE else 0
    while place and is_unplanned(LINE[place - 1]):
        place -= 1
    return LINE[place] if state in LINE else state


@contextmanager
def demo_database(folder: Path, **how: Any):
    """An open database that `make_demo` has filled."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "demo.sqlite"
    schema.prepare(f"sqlite:///{path}")
    with opened(path):
        make_demo(password_hash=PASSWORD_HASH, **how)
        yield path
