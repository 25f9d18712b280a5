"""A moment is stored as itself, whichever zone the office has set since."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from models.store.base import MOMENTS, Moment
from sop.clock import WIB, ZONES


@pytest.fixture
def changing() -> Iterator[Random]:
    """Chance, and the first zone again afterwards."""
    yield Random(1)
    WIB.follow("WIB")


def test_a_moment_is_stored_as_itself_while_the_zone_changes(changing: Random) -> None:
    field, stored_format = Moment(), "%Y-%m-%d %H:%M:%S.%f"
    for count in range(4 * MOMENTS):
        if count % 50 == 0:
            WIB.follow(changing.choice(list(ZONES)))
        zone = changing.choice((WIB, *ZONES.values()))
        moment = datetime(2026, 10, 5, 9, 1, tzinfo=zone) + timedelta(minutes=changing.randrange(2 * MOMENTS))
        assert field.db_value(moment) == (moment - moment.utcoffset()).replace(tzinfo=UTC).strftime(stored_format)
