"""A bar that stays at the window's foot never covers the blank that has the focus: the page scrolls past it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hands import UNCOVERED
from tests.browser.served import Served
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
BARS = ".bar, .bulk, .desk-bar, .reader-bar, .sheet > .form-buttons"
ROOM = "() => parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom)"
HIGH = "e => getComputedStyle(e).position !== 'static' ? Math.max(e.getBoundingClientRect().height, e.scrollHeight) : 0"
DRAFT_STORED = "() => document.querySelector('[data-draft]').textContent.includes('Konsep tersimpan')"
Sit = Callable[[str], Desk]
At = Callable[[str, str, dict[str, int]], Desk]


@pytest.fixture(scope="module")
def waits(panel: Served) -> dict[str, int]:
    """A complaint that waits for each act that the bars below are seen at."""
    with panel.its_database():
        return {state: bring(state, 1)[0] for state in ("raise", "dispose", "handle", "submit", "approve")}


@pytest.fixture
def at(sit: Sit, waits: dict[str, int]) -> At:
    seated: dict[str, Desk] = {}

    def opened(who: str, address: str, size: dict[str, int]) -> Desk:
        desk = seated[who] = seated.get(who) or sit(who)
        desk.page.set_viewport_size(size)
        desk.page.emulate_media(reduced_motion="reduce")  # what is scrolled to is there at once
        desk.open(address.format(**{f"{state}_id": number for state, number in waits.items()}))
        return desk

    return opened


def height(bar: Locator) -> float:
    return float(bar.evaluate(HIGH))


@SIZES
def test_the_note_of_a_stored_draft_does_not_change_the_bars_height(at: At, size: dict[str, int]) -> None:
    page = at("petugas", "/pengaduan/new/", size).page
    before = height(page.locator(".bar"))
    page.fill("[name=story]", "Bantuan tidak masuk.")
    page.wait_for_function(DRAFT_STORED)
    assert height(page.locator(".bar")) == before <= page.evaluate(ROOM)


@SIZES
def test_the_last_blank_stays_in_sight_while_the_note_appears(at: At, size: dict[str, int]) -> None:
    page = at("petugas", "/pengaduan/new/", size).page
    last = page.locator("main form :is(input, select, textarea):visible").last
    last.focus()
    last.evaluate("e => e.scrollIntoView({block: 'end', behavior: 'instant'})")
    last.evaluate("e => { if (e.options) { e.selectedIndex = 1; } else { e.value = 'x'; } }")
    last.dispatch_event("input")
    page.wait_for_function(DRAFT_STORED)
    expect(last).to_be_focused()
    assert last.evaluate(UNCOVERED)


PLACES = (
    ("petugas", "/pengaduan/new/", ""),
    ("petugas", "/pengaduan/langkah/correct/?id={raise_id}", ""),
    ("petugas", "/pengaduan/", "input[name=rowid]"),
    ("petugas", "/dokumen/", "input[name=rowid]"),
    ("kadis", "/meja/approve/", ""),
    ("kadis", "/meja/approve/", ".desk-cards h3 button"),
    ("kadis", "/meja/dispose/", "[data-whole]"),
    ("kadis", "/pengaduan/langkah/dispose/?id={dispose_id}", ""),
    ("kadis", "/pengaduan/langkah/approve/?id={approve_id}", ""),
    ("bidang.rehsos", "/pengaduan/langkah/handle/?id={handle_id}", ""),
    ("bidang.rehsos", "/pengaduan/langkah/submit/?id={submit_id}", ""),
    ("petugas", "/pengaduan/langkah/raise/?id={raise_id}", ""),
)


@pytest.mark.parametrize(("who", "address", "first"), PLACES)
def test_what_is_scrolled_to_comes_to_lie_above_the_bar(at: At, who: str, address: str, first: str) -> None:
    for size in (WIDE, NARROW):
        page = at(who, address, size).page
        if first:
            page.locator(first).first.click()
        if first.startswith(".desk-cards"):
            page.wait_for_selector(".reader-bar")
        bars = page.locator(BARS).all()
        assert bars, size
        assert max(height(bar) for bar in bars) <= page.evaluate(ROOM), size
