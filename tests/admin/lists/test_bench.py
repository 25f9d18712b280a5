"""What lists cost is compared with what docs/performance.md says, as a multiple of stock's list of the same run."""

import pytest

from bench.lists import MOST, PAGE, PEOPLE, STOCK, Measured, commit_of, compare, figures_in, slower

CASES = 10_000
TEXT = PAGE.read_text(encoding="utf-8")
FIGURES = figures_in(TEXT, CASES)


def measured(times: float, *, dearer: tuple[str, str] = ("", ""), by: float = 1) -> Measured:
    """What is written, by a machine so many times slower, with one page dearer."""
    figures = {
        page: {who: written.ms * times * (by if (page, who) == dearer else 1) for who, written in figures.items()}
        for page, figures in FIGURES.items()
    }
    return Measured(CASES, figures)


def test_the_table_has_each_page_for_all_who_open_it() -> None:
    assert {"list", "rare word", "start", "desk"} <= set(FIGURES)
    assert set(FIGURES["list"]) == {*PEOPLE, STOCK}
    assert all(written.ms > 0 for figures in FIGURES.values() for written in figures.values())


def test_a_slower_machine_makes_no_page_dearer() -> None:
    assert slower(TEXT, measured(3)) == {}


def test_a_page_that_became_dearer_is_named_with_the_line_and_its_commit() -> None:
    page = ("start", "bidang.rehsos")
    assert slower(TEXT, measured(3, dearer=page, by=MOST * 0.99)) == {}
    worse = slower(TEXT, measured(3, dearer=page, by=MOST * 1.01))
    assert list(worse) == [page]
    line = FIGURES["start"]["bidang.rehsos"].line
    assert f"line {line} of performance.md" in worse[page]
    assert TEXT.splitlines()[line - 1].startswith("| start |")
    assert commit_of(line).strip("^?0123456789abcdef") == ""


@pytest.mark.soak
def test_by_night_no_page_costs_more_than_is_written() -> None:
    assert compare(CASES) == []
