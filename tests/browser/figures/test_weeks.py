"""The chart of the last weeks: one figure to see in each cell, one to hear, at every width."""

import pytest

from tests.browser.window import NARROW, WIDE, Desk

SEEN = """() => [...document.querySelectorAll('.weeks td:has(svg)')].map((cell) => [...cell.children].filter(
  (one) => one.checkVisibility() && getComputedStyle(one).clipPath === 'none').length)"""
HEARD = """() => [...document.querySelectorAll('.weeks td:has(svg)')].map((cell) => [...cell.children].filter(
  (one) => one.checkVisibility() && !one.ariaHidden && /^[0-9.]+$/.test(one.textContent)).length)"""


@pytest.mark.parametrize("size", [WIDE, {"width": 481, "height": 900}, NARROW], ids=lambda size: str(size["width"]))
def test_each_figure_of_the_weeks_stands_there_once(desk: Desk, size: dict[str, int]) -> None:
    desk.sign_in("pengawas")
    desk.page.set_viewport_size(size)
    seen, heard = desk.page.evaluate(SEEN), desk.page.evaluate(HEARD)
    assert seen == heard == [1] * 16
