"""The access matrix on PostgreSQL: the eight kinds of person, whose finer ones test_matrix.py asks on SQLite."""

import pytest

from tests.admin.matrix import promise
from tests.admin.matrix.grid import Grid
from tests.admin.matrix.test_matrix import assert_as_promised, grid

pytestmark = [pytest.mark.usefixtures("unprinted"), pytest.mark.only("postgresql")]
__all__ = ["grid"]


BY_DAY = ("S",)  # who edits the masters; what the others may do SQLite says, and K's pages are read for their plans


@pytest.mark.nightly(kind=[kind for kind in promise.EIGHT if kind not in BY_DAY])
@pytest.mark.parametrize("kind", promise.EIGHT)
def test_every_door_gives_what_is_promised_and_nothing_else(grid: Grid, kind: str) -> None:
    assert_as_promised(grid, kind)
