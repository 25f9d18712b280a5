"""docs/security.md names each requirement of ASVS 5.0 up to level 2 once, and only tests that are there."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.trust.page import PAGE
from tests.trust.test_promises import is_there

# How many requirements of levels 1 and 2 the sections of each chapter have, in order, by the published 5.0.0. In every
# section those of level 3 come last.
CHAPTERS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}
ROW = re.compile(r"^\| (\d+\.\d[^|]*) \| ([^|]+) \| (yes|no|partly|n/a) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ONE = re.compile(r"(\d+)\.(\d+)\.(\d+)")

Number = tuple[int, int, int]


def rows() -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in row) for row in ROW.findall(PAGE.read_text(encoding="utf-8"))]


def numbers(cell: str) -> Iterator[Number]:
    """1.2.6–1.2.8 are three, 6.2.2, 6.2.3 are two."""
    for span in cell.split(","):
        first, *rest = [tuple(map(int, part)) for part in ONE.findall(span)]
        last = rest[0] if rest else first
        assert first[:2] == last[:2], span
        yield from ((*first[:2], place) for place in range(first[2], last[2] + 1))


def test_every_requirement_up_to_level_two_stands_in_the_table_once() -> None:
    wanted = [
        (chapter, section, place + 1)
        for chapter, sections in CHAPTERS.items()
        for section, count in enumerate(sections, 1)
        for place in range(count)
    ]
    assert len(wanted) == 253
    assert Counter(number for row in rows() for number in numbers(row[0])) == Counter(wanted)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_says_where_or_why_and_its_tests_are_there(row: tuple[str, ...]) -> None:
    _, what, met, where, shown = row
    assert what
    assert where != "–"
    tests = re.findall(r"`tests/([^`]+)`", shown)
    assert [test for test in tests if not is_there(test)] == []
    assert tests or shown == "–"
    assert met != "n/a" or not tests
