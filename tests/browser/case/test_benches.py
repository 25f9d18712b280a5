"""Benches in a real browser, at both widths and without script: the papers follow the typing; what a
tap of the deciding user lays open is in sight, what was typed stays, the next case comes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from models.complaint.complaint import Complaint
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from tests.browser.hands import UNCOVERED
from tests.browser.served import Served
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

Sit = Callable[[str], Desk]
STEP = next(t for t in vocabulary().transitions.values() if t.draft)
CHOICES = [step for step in current_procedure().main_line if current_procedure().is_choice(step)]
IN_SIGHT = "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
each = pytest.mark.parametrize("step", CHOICES, ids=lambda step: step.key)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])


def opened(desk: Desk, username: str) -> Desk:
    """The page of the first complaint that waits there for this unit."""
    desk.sign_in(username)
    with desk.panel.its_database():
        waiting = Complaint.select().where((Complaint.state == STEP.key) & (Complaint.secrecy != "rahasia"))
        number = next(c.id for c in waiting.order_by(Complaint.id) if c.unit.code == "REHSOS")
    assert desk.open(f"/pengaduan/langkah/{STEP.key}/?id={number}").status == 200
    return desk


@pytest.fixture
def plain(panel, chromium: Browser) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    """A window in which no script runs."""
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False, locale="id-ID")
    yield Desk.opened(panel, context)
    context.close()


@pytest.mark.nightly(width=[WIDE])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
def test_the_preview_next_to_the_form_follows_the_typing(desk: Desk, width: dict[str, int]) -> None:
    opened(desk, "bidang.rehsos").page.set_viewport_size(width)
    for tab in range(1, desk.page.locator("[data-drawn]").count() + 1):
        desk.page.locator(f"label[for=tampil-{tab}]").click()
        desk.fill(facts=f"Rumah kosong <i>{tab}</i>.")
        expect(desk.page.locator(".naskah:visible")).to_contain_text(f"Rumah kosong <i>{tab}</i>.")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_papers_follow_the_saved_draft(plain: Desk) -> None:
    opened(plain, "bidang.rehsos").fill(facts="Kunjungan menemukan rumah kosong.")
    plain.press("Simpan konsep")
    plain.page.locator("label[for=tampil-1]").click()
    assert "Kunjungan menemukan rumah kosong." in plain.page.locator(".naskah:visible").inner_text()


@pytest.fixture(scope="module")
def keys(panel: Served, chromium: Browser) -> list[Any]:
    with chromium.new_context(locale="id-ID") as context:
        return Desk.opened(panel, context).sign_in("kadis").page.context.cookies()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def window(request: pytest.FixtureRequest, panel: Served, chromium: Browser, keys: list[Any]) -> Iterator[Desk]:
    """The Kepala Dinas at a window, with script or without."""
    context = chromium.new_context(viewport=NARROW, java_script_enabled=request.param, locale="id-ID")
    context.add_cookies(keys)
    desk = Desk.opened(panel, context)
    yield desk
    context.close()
    assert not desk.faults


def at(window: Desk, step: Transition, size: dict[str, int]) -> int:
    """The page of a case that has just come to wait; others wait as well."""
    with window.panel.its_database():
        case, _ = bring(step.key, 2)
    window.page.set_viewport_size(size)
    window.open(f"/pengaduan/langkah/{step.key}/?id={case}")
    return case


def tap(window: Desk, place: Locator) -> None:
    """Where it stands: a click of playwright's own would scroll first, which no user does."""
    box = place.bounding_box()
    assert box
    window.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@SIZES
@each
def test_a_tap_lays_blanks_open_in_sight_and_what_was_typed_stays_while_another_is_weighed(
    window: Desk, step: Transition, size: dict[str, int]
) -> None:
    at(window, step, size)
    page = window.page
    choices = page.locator(".bar > label").all()
    for number, choice in enumerate(choices):
        tap(window, choice)
        expect(page.locator(".way:visible")).to_have_count(1)
        last = page.locator(".way:visible button")
        assert last.evaluate(IN_SIGHT)
        assert last.evaluate(UNCOVERED)
        assert page.evaluate("scrollY") == 0
        tap(window, page.locator(".way:visible textarea"))
        page.keyboard.type(f"Tulisan {number}.")
    for number, choice in enumerate(choices):
        tap(window, choice)
        assert page.locator(".way:visible textarea").input_value() == f"Tulisan {number}."
    tap(window, page.locator(".way:visible label", has_text="Tutup"))
    expect(page.locator(".way:visible")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@each
def test_sent_another_way_from_there_it_says_so_and_the_next_of_the_queue_is_one_press_away(
    window: Desk, step: Transition
) -> None:
    case = at(window, step, NARROW)
    way = current_procedure().other_ways(step)[0]
    window.page.locator(".bar > label", has_text=way.label.split()[0]).click()
    window.page.locator(f"[name={way.key}-reason]").select_option(index=1)
    window.page.locator(".way:visible button").click()
    what, verb = way.done
    expect(window.page.locator(".banner").first).to_contain_text(f"{what} telah {verb}.")
    with window.panel.its_database():
        assert Complaint.get_by_id(case).state == current_procedure().target(way, state=step.key)
    window.page.get_by_role("link", name=f"{step.label} berikutnya").click()
    expect(window.page.locator(".decide .naskah").first).to_be_visible()
    expect(window.page.get_by_role("button", name=step.label, exact=True)).to_be_visible()


# What is no bench looks like one

PLACES_OF_COLUMNS = """() => [...document.querySelector('.bench').children].map((e) => e.getBoundingClientRect()).map(
  (b) => [Math.round(b.left), Math.round(b.top), Math.round(b.width)])"""


def at_the_counter(sit: Sit, size: dict[str, int], states: tuple[str, ...]) -> Page:
    """The page of the first step for a case in each of these states."""
    desk = sit("petugas")
    with desk.panel.its_database():
        ids = [case for state in states for case in bring(state, 1)]
    desk.page.set_viewport_size(size)  # type: ignore[arg-type]
    desk.open(f"/pengaduan/langkah/{current_procedure().first}/?{'&'.join(f'id={case}' for case in ids)}")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return desk.page


@SIZES
def test_where_nothing_can_be_done_the_case_fills_the_page_and_the_way_on_is_in_sight(
    sit: Sit, size: dict[str, int]
) -> None:
    page = at_the_counter(sit, size, ("deliver",))
    expect(page.locator(".banner")).to_contain_text("tidak dapat dilakukan sekarang")
    expect(page.get_by_role("link", name="Ke halaman pengaduan")).to_be_in_viewport(ratio=1)
    assert page.locator(".bench > *").all_inner_texts().count("") == 0
    if size is WIDE:
        [(_, top, width), (_, below, other)] = page.evaluate(PLACES_OF_COLUMNS)
        assert (top, width) == (below, other)


@SIZES
def test_of_many_the_cases_are_next_to_their_blanks_and_the_button_is_in_sight(sit: Sit, size: dict[str, int]) -> None:
    page = at_the_counter(sit, size, ("raise", "deliver", "raise"))
    expect(
        page.get_by_role("button", name=f"{vocabulary().transitions[current_procedure().first].last_button} (2)")
    ).to_be_in_viewport(ratio=1)
    assert page.locator(".list tbody tr").count() == 2
    if size is WIDE:
        [(blanks, top, _), (cases, top_of_cases, _)] = page.evaluate(PLACES_OF_COLUMNS)
        assert blanks < cases  # as Tab goes: the form first
        assert top == top_of_cases


def test_of_many_of_which_none_can_move_no_empty_list_is_shown(sit: Sit) -> None:
    page = at_the_counter(sit, WIDE, ("submit", "deliver"))
    expect(page.get_by_text("2 pengaduan tidak dapat diproses")).to_be_visible()
    assert page.locator(".list").count() == 0
    expect(page.get_by_role("link", name="Ke daftar pengaduan")).to_be_in_viewport(ratio=1)
