"""The clock of the tests: every run begins at the same moment, so that neither the hour nor the year can fail one.

`--at 2026-12-31T23:59` begins elsewhere. Processes that a test starts have the machine's own clock; whoever holds their
moments against the tests' works in `real_time`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import time_machine

from sop.clock import WIB

WEDNESDAY = "2026-12-09T10:00"
_begun: list[time_machine.travel] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--at", default=WEDNESDAY, help="the moment in WIB at which the run begins")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is collected: modules of tests ask at once what day it is."""
    moment = datetime.fromisoformat(config.getoption("at")).replace(tzinfo=WIB)
    _begun.append(time_machine.travel(moment.timestamp(), tick=True))
    _begun[-1].start()


def pytest_unconfigure() -> None:
    _begun.pop().stop()


@contextmanager
def real_time() -> Iterator[None]:
    """The machine's own clock, for as long as this lasts."""
    _begun[-1].stop()
    try:
        yield
    finally:
        _begun[-1].start()


@pytest.fixture
def clock_held() -> Iterator[None]:
    """The clock stands still for as long as the test lasts: neither a midnight nor a second falls into it."""
    with time_machine.travel(datetime.now(WIB), tick=False):
        yield
