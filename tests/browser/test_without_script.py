"""With JavaScript off: a list is searched, filtered and worked on. The tasks of each role: see test_paths."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.served import Served
from tests.browser.window import NARROW, WIDE, Desk


@pytest.fixture
def bare(panel: Served, chromium: Browser) -> Iterator[Desk]:
    """A window whose browser runs no script."""
    context = chromium.new_context(viewport=WIDE, locale="id-ID", java_script_enabled=False)
    one = Desk.opened(panel, context)
    yield one
    context.close()
    assert not one.faults, one.faults


def test_the_browser_runs_no_script(bare: Desk) -> None:
    bare.open("/masuk")
    assert bare.page.locator("html.js").count() == 0


def test_a_list_is_searched_filtered_and_worked_on_without_script(bare: Desk) -> None:
    bare.sign_in("petugas").follow("Pengaduan", within="nav")
    bare.page.locator("form.find summary").click()
    bare.page.locator("form.find").get_by_label("Status", exact=True).select_option(label="Menunggu dinaikkan")
    bare.press("Terapkan")
    boxes = bare.page.locator("input[name=rowid]")
    assert boxes.count() > 2
    for n in range(2):
        boxes.nth(n).check()
    bare.press("Naikkan ke Kepala Dinas", within="form.bulk")
    assert bare.text("h1") == "Naikkan ke Kepala Dinas · 2 pengaduan"
    bare.press("Naikkan ke Kepala Dinas (2)", within="form.sheet")
    assert bare.page.locator("table.list .badge.good").count() == 2


def test_a_list_that_finds_nothing_says_so_and_what_to_do(bare: Desk) -> None:
    bare.sign_in("petugas").open("/pengaduan/?search=zzzz")
    assert "Tidak ada yang cocok dengan pencarian atau saringan ini." in bare.text(".empty")
    bare.follow("Hapus pencarian dan saringan", within=".empty")
    assert bare.page.locator("table.list").is_visible()


def test_on_a_phone_the_bar_of_a_list_has_room_for_its_words(bare: Desk) -> None:
    bare.sign_in("kadis")
    bare.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    bare.open("/pengaduan/")
    bar, words = (bare.page.locator(place).bounding_box() for place in ("form.bulk", "form.bulk p"))
    assert bar
    assert words
    assert words["y"] >= bar["y"]
    assert words["y"] + words["height"] <= bar["y"] + bar["height"]
