"""The list of complaints by eye and key: one line a row by choice, columns that move, chips, the card beside it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from sop.flow import current_procedure
from tests.browser.looks.looked import OVER, Looker
from tests.browser.served import Served
from tests.browser.window import NARROW, Desk

Sit = Callable[[str], Desk]
LIST, LAPTOP = "/pengaduan/", {"width": 1280, "height": 800}
IN_SIGHT = """() => [...document.querySelectorAll('.list tbody tr')].filter(
  (row) => row.getBoundingClientRect().bottom <= innerHeight).length"""
LINES_OF_NUMBERS = """() => Math.max(...[...document.querySelectorAll('.list tbody th > a')].map((e) => {
  const range = document.createRange(); range.selectNodeContents(e);
  return new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size; }))"""
CUT = "(e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1"
BADGES_OF_TWO_LINES = """() => [...document.querySelectorAll('.list .badge')].filter(
  (e) => e.checkVisibility() && e.getBoundingClientRect().height > 26).length"""


def choose(page: Page, density: str) -> None:
    page.get_by_role("button", name=density, exact=True).click()
    expect(page.get_by_role("button", name=density, exact=True)).to_have_attribute("aria-pressed", "true")


def listed(sit: Sit, who: str, size: dict[str, int], density: str) -> Page:
    desk = sit(who)
    desk.page.set_viewport_size(size)  # type: ignore[arg-type]
    desk.open(LIST)
    choose(desk.page, density)
    return desk.page


@pytest.mark.parametrize(("density", "wide", "narrow"), [("Rapat", 16, 5), ("Lega", 9, 2)])
def test_so_many_cases_are_in_sight_and_no_number_or_badge_takes_two_lines(
    sit: Sit, density: str, wide: int, narrow: int
) -> None:
    page = listed(sit, "petugas", LAPTOP, density)
    for size, least in ((LAPTOP, wide), (NARROW, narrow)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate(IN_SIGHT) >= least, size
        assert page.evaluate(LINES_OF_NUMBERS) == 1, size
        assert page.evaluate(BADGES_OF_TWO_LINES) == 0, size
        assert page.evaluate(OVER)[0] <= 0, size
    if density == "Rapat":
        assert not any(title.evaluate(CUT) for title in page.locator(".case-title").all())


def test_a_title_that_is_cut_is_whole_where_it_is_pointed_at_or_its_row_has_the_focus(sit: Sit) -> None:
    page = listed(sit, "petugas", LAPTOP, "Rapat")
    titles = page.locator(".case-title")
    cut = next(n for n, title in enumerate(titles.all()) if title.evaluate(CUT))
    titles.nth(cut).hover()
    assert not titles.nth(cut).evaluate(CUT)
    page.mouse.move(0, 0)
    assert titles.nth(cut).evaluate(CUT)
    page.locator("tbody th > a").nth(cut).focus()
    assert not titles.nth(cut).evaluate(CUT)


def test_the_card_follows_the_arrow_keys_and_escape_closes_it(sit: Sit) -> None:
    page = listed(sit, "kadis", LAPTOP, "Rapat")
    numbers, card = page.locator("tbody th > a"), page.get_by_role("complementary", name="Pratinjau pengaduan")
    numbers.first.focus()
    expect(card).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(card).to_contain_text(numbers.nth(1).inner_text())
    page.keyboard.press("ArrowDown")
    expect(card).to_contain_text(numbers.nth(2).inner_text())
    assert page.url.endswith(LIST)
    assert page.evaluate(LINES_OF_NUMBERS) == 1
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    button = page.get_by_role("button", name=f"Pratinjau {numbers.nth(3).inner_text()}")
    button.click()
    expect(card).to_contain_text(numbers.nth(3).inner_text())
    expect(button).to_have_attribute("aria-expanded", "true")
    page.set_viewport_size({"width": 1024, "height": 800})
    expect(card).to_be_hidden()


def test_a_dense_list_with_its_chips_and_a_card_has_no_fault_in_any_dress(sit: Sit) -> None:
    desk = sit("kadis")
    desk.open(f"{LIST}?flt0_0=approve&flt4_4=biasa")
    choose(desk.page, "Rapat")
    desk.page.locator(".peek").first.click()
    expect(desk.page.locator(".preview h2")).to_be_visible()
    assert Looker(desk).here()[0] == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_columns_and_density_are_chosen_with_script_and_without(panel: Served, chromium: Browser, script: bool) -> None:
    with chromium.new_context(viewport=LAPTOP, locale="id-ID", java_script_enabled=script) as context:  # type: ignore[arg-type]
        desk = Desk.opened(panel, context).sign_in("staf.rehsos")
        desk.open(LIST)
        choose(desk.page, "Rapat")
        desk.page.locator("#kolom > summary").click()
        desk.page.get_by_role("button", name="Diterima lebih awal").click()
        desk.page.get_by_label("Status dan unit kerja", exact=True).uncheck()
        desk.press("Terapkan", within="#kolom")
        heads = ["Nomor", "Judul dan kategori", "Diterima", "Batas waktu SOP"]
        expect(desk.page.locator("thead th[scope=col]")).to_contain_text(heads)
        desk.open(LIST)
        expect(desk.page.locator("thead th[scope=col]")).to_contain_text(heads)
        desk.page.locator("#kolom > summary").click()
        desk.press("Seperti semula", within="#kolom")
        expect(desk.page.locator("thead th[scope=col]")).to_have_count(5)


def test_a_chip_takes_its_filter_away(sit: Sit) -> None:
    desk = sit("petugas")
    desk.open(f"{LIST}?flt0_0=dispose&flt4_4=biasa")
    desk.page.get_by_role("link", name="Hapus saringan Status: Menunggu disposisi").click()
    expect(desk.page.locator(".chip")).to_have_count(1)
    expect(desk.page.get_by_text("Hapus semua saringan")).to_have_count(0)
    assert desk.page.url.endswith(f"{LIST}?flt4_4=biasa")


@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["wide", "narrow"])
def test_the_bar_offers_what_fits_the_ticked_cases_the_awaited_act_first_and_the_rest_in_a_menu(
    sit: Sit, size: dict[str, int]
) -> None:
    page = listed(sit, "petugas", size, "Lega")
    bar, steps = page.locator("form.bulk"), {step.waiting: step.label for step in current_procedure().main_line}
    for waiting, label in steps.items():
        boxes = page.locator("tbody tr", has_text=waiting).locator("input[name=rowid]")
        if not boxes.count():
            continue
        boxes.first.check()
        shown = bar.locator(".acts > .btn")
        assert shown.count() == 1
        is_own = bar.locator("button", has_text=label).count() > 0
        assert (shown.inner_text() == label) == is_own
        others = [one for one in steps.values() if one != label]
        bar.get_by_text("Lainnya", exact=True).click()
        offered = bar.locator("button:visible").all_inner_texts()
        assert not set(others) & set(offered)
        assert len(offered) > 3
        assert page.evaluate(OVER)[0] <= 0
        bar.get_by_text("Lainnya", exact=True).click()
        boxes.first.uncheck()
