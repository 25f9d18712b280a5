"""A password can be read while it is typed, and is sent and saved as a password."""

from playwright.sync_api import Browser, expect

from tests.browser.served import Served
from tests.browser.window import NARROW, Desk


def test_a_password_is_in_sight_while_one_wants_it_and_hidden_again_when_it_is_sent(desk: Desk) -> None:
    desk.page.set_viewport_size(NARROW)
    desk.open("/masuk")
    typed, button = desk.page.locator("#password"), desk.page.get_by_role("button", name="kata sandi")
    desk.page.fill("#username", "petugas")
    typed.fill("rahasia sekali")
    expect(button).to_have_text("Tampilkan kata sandi")
    button.click()
    expect(typed).to_have_attribute("type", "text")
    expect(button).to_have_text("Sembunyikan kata sandi")
    assert typed.get_attribute("autocomplete") == "current-password"
    desk.page.evaluate("document.querySelector('#password').form.addEventListener('submit', (e) => e.preventDefault())")
    desk.page.get_by_role("button", name="Masuk", exact=True).first.click()
    expect(typed).to_have_attribute("type", "password")
    expect(typed).to_have_value("rahasia sekali")


def test_without_script_there_is_no_button_and_the_password_stays_one(panel: Served, chromium: Browser) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{panel.address}/masuk")
        expect(page.get_by_text("Tampilkan kata sandi")).to_have_count(0)
        expect(page.locator("#password")).to_have_attribute("type", "password")
