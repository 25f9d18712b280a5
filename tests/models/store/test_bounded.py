"""Work in a process of its own ends in time, whatever that process does."""

import pytest

from models.store import resource_limits

pytestmark = pytest.mark.only("sqlite")  # about processes; the database has no part in it


def test_a_process_that_is_stopped_before_it_has_read_is_ended_when_its_time_is_up() -> None:
    """More than a pipe holds: a parent that only writes waits for a reader that never comes."""
    with pytest.raises(resource_limits.ChildFailed, match="TimeoutExpired"):
        resource_limits.answer(
            "tests.models.store.stopped", b"x" * 200_000, seconds=1.0, work=resource_limits.Work.FILE
        )
