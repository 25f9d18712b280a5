"""The access matrix on PostgreSQL."""

import pytest

from tests.admin.test_matrix import grid, test_every_door_gives_what_is_promised_and_nothing_else

pytestmark = [pytest.mark.usefixtures("unprinted"), pytest.mark.only("postgresql")]
__all__ = ["grid", "test_every_door_gives_what_is_promised_and_nothing_else"]
