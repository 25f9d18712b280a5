"""Only the SOP's order: whatever two people try, interleaved, each complaint moves along the table or not at all."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.models.workflow.order import Order

GAMES = {"sqlite": 25, "postgresql": 20}  # by day; the order is the writer's, and the same one on both


def run(template, examples: int, steps: int) -> None:
    machine = type("OrderHere", (Order,), {"template": template, "starts": {}, "samples": {}})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )


@pytest.mark.slow("plays dozens of games of thirty acts")
def test_two_people_at_random_keep_the_order(template, engine):
    run(template, GAMES[engine], 30)


@pytest.mark.soak
def test_two_people_at_random_keep_the_order_for_a_long_time(template):
    run(template, 2_000, 50)
