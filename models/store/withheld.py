"""Whether secret cases are left out at the moment, since nobody could note who has seen them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_withholds: ContextVar[bool] = ContextVar("_withholds", default=False)


@contextmanager
def withheld_secrets() -> Iterator[None]:
    """For as long as this lasts no list tells anybody of a secret case."""
    before = _withholds.set(True)
    try:
        yield
    finally:
        _withholds.reset(before)


def withholds() -> bool:
    return _withholds.get()
