"""How long a test waits for what other processes and threads do, and what a bound on their work is measured by.

A machine that is busy with others makes everything late and nothing wrong: a test waits for what must come, and
work is measured in seconds of CPU, never by the clock on the wall.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 900  # seconds; who waits longer waits for something that hangs


def wait_until(seen: Callable[[], object], *, pause: Callable[[float], object] = time.sleep) -> None:
    """Until it is seen. `pause` takes seconds; a browser's lets its page go on meanwhile."""
    until = time.monotonic() + LONGEST
    while not seen():
        assert time.monotonic() < until, "what the test waits for has not come"
        pause(0.01)


@contextmanager
def cpu_within(seconds: float) -> Iterator[None]:
    """No more than so many seconds of CPU, those of this process and of the children that it has seen end."""
    before = cpu_seconds()
    yield
    assert cpu_seconds() - before < seconds


def cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
