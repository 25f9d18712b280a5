"""Tab follows the eye: on the pages of every step and of its cases each stop lies below the last, or to its right."""

from itertools import pairwise
from typing import Any

import pytest

from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, PETUGAS, Transition
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

STEPS = [step for step in current_procedure().main_line if not current_procedure().is_receive(step)]
WHO = {PETUGAS: "petugas", KEPALA_DINAS: "kadis", BIDANG: "bidang.rehsos"}
MOST_STOPS = 90
# Measured where nothing sticks, scrolls by itself or runs out of the page's flow.
FLATTEN = """() => document.querySelectorAll('main *').forEach((e) => {
  const style = getComputedStyle(e);
  if (style.position === 'sticky') { e.style.position = 'static'; }
  if (style.position === 'fixed' && !e.matches('input')) { e.style.position = 'static'; }
  if (style.maxHeight !== 'none') { e.style.maxHeight = 'none'; }
})"""
NOTE = """() => {
  const e = document.activeElement;
  return Boolean(e.closest('main')) && !e.matches('main') && (window.stops ||= []).push(e) > 0;
}"""
# All at once: what is saved or drawn meanwhile may move the page. A radio or tick box without a picture of its own
# stands where its label does.
MEASURE = """() => window.stops.map((e) => {
  const seen = e.matches('input.unseen') ? document.querySelector(`label[for="${e.id}"]`) || e : e;
  const box = seen.getBoundingClientRect();
  return { what: `${e.tagName} ${e.name || e.textContent.trim().slice(0, 30)}`, top: box.top + scrollY, left: box.left,
    bottom: box.bottom + scrollY, right: box.right, seen: box.height > 0 };
})"""
SLACK = 8


def stops(desk: Desk) -> list[dict[str, Any]]:
    """Where Tab stops within the page's main part, in its order."""
    desk.page.evaluate(FLATTEN)
    desk.page.evaluate("document.querySelector('main').focus()")
    for _ in range(MOST_STOPS):
        desk.page.keyboard.press("Tab")
        if not desk.page.evaluate(NOTE):
            break
    found: list[dict[str, Any]] = []
    for stop in desk.page.evaluate(MEASURE):
        if stop["seen"] and (not found or stop["what"] != found[-1]["what"] or stop["top"] != found[-1]["top"]):
            found.append(stop)
    return found


def against_the_eye(found: list[dict[str, Any]]) -> list[str]:
    return [
        f"{before['what']} → {after['what']}"
        for before, after in pairwise(found)
        if after["top"] < before["bottom"] - SLACK and after["left"] < before["right"] - SLACK
    ]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_tab_goes_down_or_to_the_right_on_the_pages_of_a_step_and_of_its_case(desk: Desk, step: Transition) -> None:
    with desk.panel.its_database():
        case, other = bring(step.key, 2)
    desk.sign_in(WHO[step.actor])
    addresses = [f"/pengaduan/langkah/{step.key}/?id={case}", f"/pengaduan/details/?id={case}"]
    if step.bulk:
        addresses.append(f"/pengaduan/langkah/{step.key}/?id={case}&id={other}")
    for address in addresses:
        for size in (WIDE, NARROW):
            desk.page.set_viewport_size(size)
            desk.open(address)
            found = stops(desk)
            assert len(found) > 2
            assert not against_the_eye(found), (address, size["width"])
            assert not desk.page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count()
