"""A page that lies unused locks over what was typed and chosen in it, and goes on with the password."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from models.sign_in.session import Session
from models.store.base import now
from tests.browser.looks.looked import Looker
from tests.browser.served import PASSWORD, Served
from tests.browser.window import WIDE, Desk

AN_HOUR = 60 * 60 * 1000
STORY = "Atap rumah bocor sejak Juli,\nbelum ada yang datang."


def leave_unused(desk: Desk) -> None:
    """Half an hour and more passes, for the panel as for the page."""
    with desk.panel.its_database():
        long_ago = now() - timedelta(minutes=40)
        Session.update(used=long_ago).where(Session.ended.is_null()).execute()
    desk.page.clock.fast_forward(AN_HOUR)


def unlock(desk: Desk, password: str) -> None:
    desk.page.get_by_role("dialog").get_by_label("Kata sandi").fill(password)
    desk.page.get_by_role("dialog").get_by_role("button", name="Buka", exact=True).click()


@pytest.fixture
def typing(desk: Desk, tmp_path: Path) -> Desk:
    """A Petugas in the midst of an intake, with a file chosen."""
    picture = tmp_path / "atap.png"
    picture.write_bytes(Path("static/emblem.png").read_bytes())
    desk.page.clock.install()
    desk.sign_in("petugas").open("/pengaduan/new/")
    desk.blank("story").fill(STORY)
    desk.page.locator("input[type=file]").first.set_input_files(picture)
    desk.blank("story").focus()
    return desk


def test_the_page_hides_keeps_what_was_typed_and_goes_on(typing: Desk) -> None:
    page, story, file = typing.page, typing.blank("story"), typing.page.locator("input[type=file]").first
    leave_unused(typing)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Kata sandi")).to_be_focused()
    assert page.title() == "Terkunci – Panel Pengaduan"
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator(".side")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    unlock(typing, "bukan kata sandinya")
    expect(dialog.get_by_role("alert")).to_have_text("Kata sandi Anda tidak cocok.")
    unlock(typing, PASSWORD)
    expect(dialog).to_have_count(0)
    expect(story).to_be_focused()
    assert story.input_value() == STORY
    assert file.evaluate("e => e.files[0].name") == "atap.png"
    typing.press("Simpan")
    assert typing.page.locator("main [data-focus]").count()  # it was read by the panel: what lacks is said
    assert typing.value("story").replace("\r", "") == STORY


def test_another_tab_in_use_keeps_it_open_and_opens_it(typing: Desk) -> None:
    typing.page.clock.fast_forward(AN_HOUR)  # for this page alone: the panel knows of another tab
    expect(typing.page.get_by_role("dialog")).to_have_count(0)
    leave_unused(typing)
    expect(typing.page.get_by_role("dialog")).to_be_visible()
    other = Desk(typing.panel, typing.page.context.new_page())
    other.open("/akun/")
    other.page.get_by_label("Kata sandi").fill(PASSWORD)
    other.press("Buka")
    assert other.page.url.endswith("/akun/")
    typing.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(typing.page.get_by_role("dialog")).to_have_count(0)
    assert typing.value("story") == STORY


def test_a_session_ended_elsewhere_says_so_and_the_page_stays(typing: Desk) -> None:
    with typing.panel.its_database():
        Session.update(ended=now()).where(Session.ended.is_null()).execute()
    typing.page.clock.fast_forward(AN_HOUR)
    expect(typing.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Masuk lagi di tab baru")
    again = Desk(typing.panel, typing.page.context.new_page()).sign_in("petugas")
    again.page.close()
    typing.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(typing.page.get_by_role("dialog")).to_have_count(0)
    assert typing.value("story") == STORY
    typing.press("Simpan")
    expect(typing.page.get_by_role("heading", level=1)).not_to_have_text(re.compile("kedaluwarsa"))
    assert typing.value("story").replace("\r", "") == STORY


def test_without_script_what_was_sent_comes_along(panel: Served, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=WIDE, locale="id-ID")
    desk = Desk.opened(panel, context).sign_in("petugas")
    desk.open("/pengaduan/new/")
    desk.blank("story").fill(STORY)
    with panel.its_database():
        Session.update(used=now() - timedelta(minutes=40)).where(Session.ended.is_null()).execute()
    desk.press("Simpan")
    assert "Kiriman Anda tidak hilang" in desk.text()
    desk.page.get_by_label("Kata sandi").fill(PASSWORD)
    desk.press("Buka dan kirim")
    assert desk.value("story").replace("\r", "") == STORY
    context.close()


def test_both_locks_are_sound_at_both_widths_and_in_the_dark(desk: Desk) -> None:
    looker = Looker(desk)
    desk.page.clock.install()
    desk.sign_in("petugas").open("/sop/")
    leave_unused(desk)
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    assert looker.here()[0] == []
    assert looker.at("/pengaduan/")[0] == []
    assert "Terkunci" in desk.text()
