"""The draft of an intake lives as long as its tab, for its owner alone, twelve hours at most."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.test_intake import STORY, at_intake


def draft(desk: Desk) -> str | None:
    return desk.page.evaluate("sessionStorage.getItem('pengaduan-baru')")


def forget_by_saving(desk: Desk) -> None:
    desk.press("Simpan")
    assert "Pengaduan tercatat" in desk.text("h1")


def forget_by_starting_anew(desk: Desk) -> None:
    desk.page.reload()
    desk.press("Mulai dari kosong")
    assert desk.value("story") == ""


def forget_after_twelve_hours(desk: Desk) -> None:
    desk.page.evaluate("""() => { const kept = JSON.parse(sessionStorage.getItem('pengaduan-baru'));
        kept.at -= 12 * 3600 * 1000 + 1; sessionStorage.setItem('pengaduan-baru', JSON.stringify(kept)); }""")
    desk.open("/pengaduan/new/")
    assert desk.value("story") == ""


def forget_for_somebody_else(desk: Desk) -> None:
    desk.page.evaluate("() => sessionStorage.setItem('lain', sessionStorage.getItem('pengaduan-baru'))")
    desk.sign_in("petugas2")
    assert desk.page.evaluate("sessionStorage.length") == 0  # signing out cleared the tab
    desk.open("/pengaduan/new/")
    assert desk.value("story") == ""


def forget_by_joining_an_earlier_case(desk: Desk) -> None:
    for _ in range(2):
        desk.open("/pengaduan/new/")
        desk.fill(medium="Telepon", story=f"{STORY} Sudah dua kali kami sampaikan.")
        desk.press("Simpan")
    desk.press("Tambahkan sebagai keterangan")
    assert draft(desk) is not None  # whoever turns back finds it
    desk.open("/pengaduan/new/")
    assert desk.value("story") == ""


@pytest.mark.parametrize(
    "forget",
    [
        forget_by_saving,
        forget_by_starting_anew,
        forget_after_twelve_hours,
        forget_for_somebody_else,
        forget_by_joining_an_earlier_case,
    ],
)
def test_a_draft_comes_back_in_its_tab_and_goes_when_it_should(desk: Desk, forget: Callable[[Desk], None]) -> None:
    at_intake(desk)
    desk.fill(medium="Telepon", story=STORY, pengadu__name="Budi")
    expect(desk.page.locator("[data-draft]")).to_be_visible()
    desk.page.reload()
    assert desk.value("story") == STORY
    assert "belum disimpan" in desk.text("[data-restored]")
    assert desk.page.evaluate("localStorage.length") == 0
    forget(desk)
    assert draft(desk) is None
