"""Light or dark is chosen on one's own page, for this device: without script, and it stays after signing out."""

import pytest
from playwright.sync_api import Browser

from tests.browser.looks.looked import AXE, JUDGE
from tests.browser.served import Served
from tests.browser.window import Desk

GROUND = "() => getComputedStyle(document.documentElement).getPropertyValue('--ground')"
SHEET = "() => getComputedStyle(document.querySelector('.card')).backgroundColor"
PAGES = ("/", "/pengaduan/", "/akun/", "/sop")


def ground(desk: Desk, device: str) -> str:
    desk.page.emulate_media(color_scheme=device)  # type: ignore[arg-type]
    return str(desk.page.evaluate(GROUND))


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_what_was_chosen_holds_on_this_device_after_signing_out_as_well(
    panel: Served, chromium: Browser, script: bool
) -> None:
    with chromium.new_context(locale="id-ID", java_script_enabled=script) as context:
        desk = Desk.opened(panel, context).sign_in("petugas")
        light, dark = ground(desk, "light"), ground(desk, "dark")
        assert light != dark
        for choice, seen in (("Gelap", (dark, dark)), ("Terang", (light, light)), ("Ikuti perangkat", (light, dark))):
            desk.open("/akun/")
            desk.page.get_by_label(choice).check()
            desk.press("Terapkan")
            assert (ground(desk, "light"), ground(desk, "dark")) == seen
        desk.open("/akun/")
        desk.page.get_by_label("Gelap").check()
        desk.press("Terapkan")
        desk.press("Keluar")
        desk.open("/masuk")
        assert ground(desk, "light") == dark


@pytest.mark.parametrize("choice", ["Terang", "Gelap"])
def test_each_choice_is_readable_whatever_the_device_wants_and_paper_stays_white(desk: Desk, choice: str) -> None:
    desk.sign_in("petugas")
    desk.open("/akun/")
    desk.page.get_by_label(choice).check()
    desk.press("Terapkan")
    desk.page.emulate_media(color_scheme="light" if choice == "Gelap" else "dark")
    for address in PAGES:
        desk.open(address)
        desk.page.evaluate(AXE)
        assert not desk.page.evaluate(JUDGE, ["color-contrast"]), address
    desk.open("/akun/")
    desk.page.emulate_media(media="print")
    assert desk.page.evaluate(SHEET) == "rgb(255, 255, 255)"
