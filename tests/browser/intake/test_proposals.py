"""Taking down by keyboard with the category that proposes itself, and pictures that are seen before they are sent."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment
from tests.browser.intake.test_intake import at_intake
from tests.browser.looks.looked import Looker
from tests.browser.window import NARROW, WIDE, Desk

STORY = "Suami saya mabuk lalu memukul saya, anak kami menangis."
OTHERS = (  # of the same kind, in other words: one that is stored already is asked about
    "Semalam pasangan menampar dan mengancam istrinya di rumah, balita mereka ketakutan.",
    "Ibu rumah tangga ini dicekik suaminya sejak bulan lalu karena uang belanja; anak ikut dipukul.",
)
KDRT = "Kekerasan dalam rumah tangga (KDRT)"
MOST_TABS = 12
FILES = {"atap.png": "image/png", "dapur.png": "image/png", "surat.pdf": "application/pdf"}
PIXEL = base64.b64decode(  # a picture of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def plain(panel, chromium: Browser) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    """A window in which no script runs."""
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False, locale="id-ID")
    yield Desk.opened(panel, context)
    context.close()


def choose(desk: Desk) -> None:
    """Pick files as evidence: two pictures, and one of another kind."""
    files = [{"name": name, "mimeType": kind, "buffer": PIXEL} for name, kind in FILES.items()]
    desk.page.locator("#evidence_files").set_input_files(files)  # type: ignore[arg-type]


def tabs_to(desk: Desk, name: str, before: int) -> int:
    """Tabs in all until the blank of this name has the focus."""
    for tabs in range(before, MOST_TABS + 1):
        if desk.page.evaluate("document.activeElement.name") == name:
            return tabs
        desk.page.keyboard.press("Tab")
    pytest.fail(f"more than {MOST_TABS} Tabs to {name}")


def test_name_telephone_story_and_category_take_twelve_tabs_with_and_without_a_tap_on_a_proposal(desk: Desk) -> None:
    for is_picked in (True, False):
        at_intake(desk)
        keyboard, tabs = desk.page.keyboard, 0
        expect(desk.page.locator("[name=medium]")).to_be_focused()
        keyboard.type("Telepon")
        person, telephone, story = ("Siti", "0812", STORY) if is_picked else ("Wulan", "0857", OTHERS[0])
        for name, words in (("pengadu-name", person), ("pengadu-phone", telephone), ("story", story)):
            tabs = tabs_to(desk, name, tabs)
            keyboard.type(words)
        expect(desk.page.locator("[data-pick]")).to_have_count(3)
        assert desk.value("category") == ""
        if is_picked:
            keyboard.press("Tab")
            keyboard.press("Enter")
            expect(desk.page.locator("[data-pick]").first).to_have_attribute("aria-pressed", "true")
        else:
            assert tabs_to(desk, "category", tabs) <= MOST_TABS
            keyboard.type("Kekerasan dalam")
        assert desk.page.locator("[name=category] option:checked").inner_text() == KDRT
        expect(desk.page.locator("[data-decided=secrecy]")).to_have_text("Rahasia")
        keyboard.press("Control+Enter")  # no way through the sections that may stay empty
        expect(desk.page.get_by_role("heading", name="Pengaduan tercatat")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_labels_and_blanks_of_a_line_stand_level_and_every_button_of_the_bar_is_inside_its_border(
    desk: Desk, size: dict[str, int]
) -> None:
    at_intake(desk).page.set_viewport_size(size)  # type: ignore[arg-type]
    level = """() => [...document.querySelectorAll('.form-sections .pair')].flatMap((pair) => {
      const fields = [...pair.children].filter((one) => one.matches('.field:not(.check)') && one.offsetHeight);
      const top = (one, what) => Math.round(one.querySelector(what).getBoundingClientRect().top);
      const rows = Map.groupBy(fields, (one) => Math.round(one.getBoundingClientRect().top));
      return [...rows.values()].filter((row) => ['label', 'input, select, textarea'].some((what) =>
        new Set(row.map((one) => top(one, what))).size > 1)).map((row) => row[0].textContent);
    })"""
    assert desk.page.evaluate(level) == []
    for button in desk.page.locator(".bar .btn:visible").all():
        assert button.evaluate("e => parseFloat(getComputedStyle(e).paddingLeft)") >= 8
        assert button.evaluate("e => e.scrollWidth <= e.clientWidth")
    desk.fill(story=STORY)
    choose(desk)
    expect(desk.page.locator("[data-pick]")).to_have_count(3)
    assert Looker(desk).here()[0] == []


def test_without_script_what_was_saved_without_a_category_comes_back_with_proposals_to_tap(plain: Desk) -> None:
    at_intake(plain)
    plain.fill(medium="Telepon", story=OTHERS[1], pengadu__name="Tari")
    plain.press("Simpan")
    tap = plain.page.get_by_role("button", name=KDRT)
    expect(tap).to_contain_text("karena: ")
    tap.click()
    assert (plain.value("story"), plain.value("secrecy")) == (OTHERS[1], "rahasia")
    plain.press("Simpan")
    assert "Pengaduan tercatat" in plain.text("h1")


def test_chosen_pictures_are_seen_small_and_one_that_is_left_out_is_not_sent(desk: Desk) -> None:
    at_intake(desk).page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.fill(medium="Telepon", story="Bantuan berhenti.", category="Belum dipilah", pengadu__name="Siti")
    choose(desk)
    desk.blank("evidence").focus()
    chosen = desk.page.locator(".chosen").first
    expect(chosen.locator("canvas")).to_have_count(2)
    assert chosen.locator(".name").all_inner_texts() == [*FILES]
    assert desk.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    for name in ("dapur.png", "surat.pdf"):
        chosen.get_by_role("button", name=f"Hapus {name}").click()
    assert chosen.locator(".name").all_inner_texts() == ["atap.png"]
    desk.press("Simpan")
    with desk.panel.its_database():
        case = Complaint.select().order_by(Complaint.id.desc()).first()
        assert [piece.name for piece in Attachment.select().where(Attachment.complaint == case)] == ["atap.png"]
