"""The search box that a key opens on every page, and the keys of lists; none of them acts while one types."""

import pytest
from playwright.sync_api import Browser, Page, expect

from models.complaint.complaint import Complaint
from tests.browser.looks.looked import Looker
from tests.browser.served import Served
from tests.browser.window import NARROW, Desk

BOX = ".finder-box"
ROW = ".list tbody tr"
OPENERS = {"control": "Control+k", "slash": "/"}


@pytest.fixture(scope="module")
def petugas(panel: Served, chromium: Browser) -> Desk:
    with chromium.new_context(locale="id-ID", timezone_id="Asia/Jakarta") as context:
        desk = Desk.opened(panel, context).sign_in("petugas")
        yield desk  # type: ignore[misc]
        assert not desk.faults, desk.faults


def opened(desk: Desk, address: str = "/sop/") -> Page:
    desk.open(address)
    desk.page.wait_for_load_state()
    return desk.page


def numbers(panel: Served) -> str:
    with panel.its_database():
        return str(Complaint.select().order_by(Complaint.id.desc()).get().number)


@pytest.mark.parametrize("key", OPENERS.values(), ids=OPENERS)
def test_a_key_opens_the_box_and_enter_opens_the_first_hit(petugas: Desk, key: str) -> None:
    page = opened(petugas)
    page.keyboard.press(key)
    expect(page.locator(f"{BOX} input")).to_be_focused()
    page.keyboard.type("akun say")
    page.keyboard.press("Enter")  # before the answer has come
    page.wait_for_url("**/akun/")


def test_the_first_hit_is_marked_arrows_go_round_and_escape_closes(petugas: Desk) -> None:
    page = opened(petugas)
    page.keyboard.press("Control+k")
    lines, marked = page.locator(f"{BOX} [role=option]"), page.locator(f"{BOX} [aria-selected=true]")
    expect(marked).to_have_count(1)
    assert lines.first.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert lines.nth(1).get_attribute("aria-selected") == "true"
    described = page.locator(f"{BOX} input").get_attribute("aria-activedescendant")
    assert described == lines.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert lines.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_count(0)
    assert page.url.endswith("/sop/")


def test_a_case_is_found_by_its_number_while_one_types(petugas: Desk, panel: Served) -> None:
    number, page = numbers(panel), opened(petugas, "/riwayat/")
    page.keyboard.press("/")
    page.keyboard.type(number)
    expect(page.locator(f"{BOX} [aria-selected=true]")).to_contain_text(number)
    assert Looker(petugas).here()[0] == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/pengaduan/details/**")
    assert number in petugas.text()


def test_on_a_phone_a_magnifier_opens_the_box_and_a_button_closes_it(petugas: Desk) -> None:
    page = opened(petugas)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.locator(".finder").click()
    expect(page.locator(f"{BOX} [role=option]").first).to_be_visible()
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.get_by_role("button", name="Tutup").click()
    expect(page.locator(BOX)).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert over == 0


def test_letters_do_nothing_in_a_field_with_a_modifier_or_when_switched_off(petugas: Desk) -> None:
    page = opened(petugas, "/pengaduan/")
    page.locator("#cari").click()
    page.keyboard.type("j/x?k")
    assert page.locator("#cari").input_value() == "j/x?k"
    page.locator("h1").click()
    for key in ("Alt+j", "Control+x", "Alt+/"):
        page.keyboard.press(key)
    expect(page.locator("dialog, .at, .list tr.on")).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_label("Tombol satu huruf dipakai").uncheck()
    page.keyboard.press("Escape")
    for key in ("j", "/", "?"):
        page.keyboard.press(key)
    expect(page.locator("dialog, .at")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.get_by_role("button", name="Pintasan papan ketik").click()
    page.get_by_label("Tombol satu huruf dipakai").check()
    page.get_by_role("button", name="Tutup").click()
    page.keyboard.press("j")
    expect(page.locator(".at")).to_have_count(1)


def test_j_and_k_go_through_a_list_x_ticks_and_enter_opens(petugas: Desk) -> None:
    page = opened(petugas, "/pengaduan/")
    rows = page.locator(ROW)
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(place).locator("th a")).to_be_focused()
        assert rows.nth(place).evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("x")
    expect(rows.nth(1).locator("[name=rowid]")).to_be_checked()
    expect(page.locator("[data-count]")).to_have_text("1 dipilih")
    number = rows.nth(1).locator("th").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pengaduan/details/**")
    assert number in petugas.text()


def test_a_question_mark_lists_the_keys_of_this_page_and_those_that_its_elements_name(petugas: Desk) -> None:
    page = opened(petugas, "/")
    page.keyboard.press("?")
    listed = page.locator(".keys-box .keys")
    expect(listed).to_contain_text("Mencari pengaduan, halaman, dan pengaturan")
    expect(listed).not_to_contain_text("Baris berikutnya")
    page.keyboard.press("Escape")
    opened(petugas, "/pengaduan/")
    page.evaluate("Object.assign(document.querySelector('h1').dataset, {key: 'a', keyLabel: 'Menyetujui'})")
    page.keyboard.press("?")
    expect(listed.locator("div", has_text="Menyetujui").locator("kbd")).to_have_text("A")
    expect(listed.locator("div", has_text="Baris berikutnya").locator("kbd")).to_have_text("J")
    assert Looker(petugas).here()[0] == []


def test_a_key_that_the_page_names_itself_is_left_to_the_page(petugas: Desk) -> None:
    page = opened(petugas, "/pengaduan/")
    page.evaluate("Object.assign(document.querySelector('h1').dataset, {key: 'j', keyLabel: 'Berkas berikutnya'})")
    page.keyboard.press("j")
    expect(page.locator(".at")).to_have_count(0)


def test_without_script_the_search_in_the_menu_goes_on(panel: Served, chromium: Browser) -> None:
    with chromium.new_context(locale="id-ID", java_script_enabled=False) as context:
        desk = Desk.opened(panel, context).sign_in("petugas")
        expect(desk.page.locator(".finder")).to_be_hidden()
        desk.page.locator(".seek input").fill("bantuan")
        desk.press("Cari", within=".seek")
        assert "/cari/?q=bantuan" in desk.page.url
