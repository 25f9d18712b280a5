"""docs/paths.md names the stations of five acts, in the order in which the real act passes them."""

import re
from pathlib import Path

import pytest

from bench.hops import ACTS, Trail, trails

PAGE = Path(__file__).parents[1] / "docs" / "paths.md"
MOST = 8  # stations of a path
PATH = re.compile(r"^## (\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
STATION = re.compile(r"^\d+\. `([^`]+)`(?: `([^`]+)`)?:", re.MULTILINE)
PATHS = {name: STATION.findall(text) for name, text in PATH.findall(PAGE.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def recorded() -> dict[str, Trail]:
    return trails()


def missed(stations: list[tuple[str, str]], trail: Trail) -> list[tuple[str, str]]:
    """The stations that are not passed after those before them."""
    calls, left = iter(trail.calls), list(stations)
    for path, function in calls:
        if left and path == left[0][0] and left[0][1] in ("", function):
            del left[0]
    return left


def test_each_recorded_act_has_its_path_on_the_page() -> None:
    assert set(PATHS) == set(ACTS)


@pytest.mark.parametrize("act", PATHS)
def test_a_path_has_few_stations_and_the_act_passes_them_in_order(act: str, recorded: dict[str, Trail]) -> None:
    assert 5 <= len(PATHS[act]) <= MOST
    assert missed(PATHS[act], recorded[act]) == []


def test_a_station_that_is_not_passed_or_out_of_order_is_named(recorded: dict[str, Trail]) -> None:
    first, second, *_ = PATHS["approve"]
    assert missed([second, first], recorded["approve"]) == [first]
    assert missed([first, ("sop/rules.py", "nothing")], recorded["approve"]) == [("sop/rules.py", "nothing")]
