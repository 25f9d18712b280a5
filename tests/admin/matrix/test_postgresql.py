"""The access matrix on PostgreSQL: the eight kinds of person, whose finer ones test_matrix.py asks on SQLite."""

import pytest

from tests.admin.matrix import promise
from tests.admin.matrix.grid import Grid
from tests.admin.matrix.test_matrix import grid, hold

pytestmark = [pytest.mark.usefixtures("unprinted"), pytest.mark.only("postgresql")]
__all__ = ["grid"]


# By day one of each desk: what a unit beside may do, and one that has nothing to do with the case, SQLite says.
@pytest.mark.nightly(kind=["B2 kepala", "B-"])
@pytest.mark.parametrize("kind", promise.EIGHT)
def test_every_door_gives_what_is_promised_and_nothing_else(grid: Grid, kind: str) -> None:
    hold(grid, kind)
