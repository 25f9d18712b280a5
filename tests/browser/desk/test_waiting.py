"""A decision on an opened sheet waits in the tab: two taps sign one sheet; nothing is lost, sent twice or by itself."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from models.complaint.event import Event
from models.office.people import User
from models.sign_in.session import Session
from models.store.base import now
from models.workflow import workflow
from tests.browser.desk.test_desk import progress
from tests.browser.served import PASSWORD, Served
from tests.browser.sign_in.test_lock import leave_unused, unlock
from tests.browser.waiting import Sit, only, states
from tests.browser.window import NARROW, PATIENCE, Desk

HIDDEN = """hidden => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


LEFT, LOCKED = "window.dispatchEvent(new Event('pagehide'))", "document.dispatchEvent(new Event('locked'))"
KEEPS_ALIVE = """() => {
  const fetch = window.fetch;
  window.outlives = [];
  window.fetch = (url, asked) => {
    if (asked && String(asked.body).includes('do=decide')) { window.outlives.push(asked.keepalive === true); }
    return fetch(url, asked);
  };
}"""
APPROVED = re.compile(r"^PGD/\S+ disetujui")
AT_ONCE = 4_000  # milliseconds: half of what a decision waits


@pytest.fixture
def reading(panel: Served, sit_at: Sit) -> tuple[Desk, list[int]]:
    """Three Nota Dinas, the first laid open on a phone, read for a while."""
    with panel.its_database():
        ids = only(panel, "approve", 3)
    desk = sit_at(NARROW)
    desk.page.clock.install()
    desk.open("/meja/approve/")
    desk.page.locator(".desk-cards h3 button").first.tap()
    lies_open(desk, "1 dari 3")
    return desk, ids


def lies_open(desk: Desk, words: str | re.Pattern[str]) -> None:
    """Wait until the opened case says which of how many it is, and has been there for a while."""
    desk.page.locator(".reader-head h4").get_by_text(words, exact=True).wait_for()
    desk.page.clock.fast_forward(1_000)


def approve(desk: Desk) -> Locator:
    return desk.page.locator(".reader-bar").get_by_role("button", name="Setujui", exact=True)


def line(desk: Desk, words: str | re.Pattern[str]) -> Locator:
    """What is said of a decision."""
    found = desk.page.locator(".decisions .banner").filter(has_text=words)
    expect(found).to_have_count(1, timeout=PATIENCE)
    return found


def sent_at_once(desk: Desk) -> Any:
    """The decision goes before its time is over."""
    return desk.page.expect_request(lambda sent: "do=decide" in (sent.post_data or ""), timeout=AT_ONCE)


def lying(desk: Desk) -> int:
    """The case that lies open."""
    return int(str(desk.page.locator("[data-reader]").get_attribute("data-reader")).partition(":")[0])


def over(desk: Desk) -> None:
    """The time in which a decision can be undone is over."""
    desk.page.clock.fast_forward(8_000)


@pytest.mark.nightly(apart=[150])  # by day the one that met the next sheet
@pytest.mark.parametrize("apart", [150, 600])
def test_two_taps_sign_one_sheet_which_can_be_undone(panel: Served, sit_at: Sit, apart: int) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 3)
    desk = sit_at(NARROW)
    desk.open("/meja/approve/")
    desk.page.locator(".desk-cards h3 button").first.tap()
    button = approve(desk)
    expect(button).to_be_enabled()
    box = button.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desk.page.touchscreen.tap(x, y)
    desk.page.wait_for_timeout(apart)
    desk.page.touchscreen.tap(x, y)
    desk.page.locator(".reader-head h4").get_by_text("2 dari 3 · 1 diputuskan", exact=True).wait_for()
    assert desk.page.locator(".decisions .banner").count() == 1
    assert desk.text(".decisions").startswith("Akan disetujui: ")
    assert states(panel, ids) == ["approve"] * 3
    desk.page.locator(".decisions").get_by_role("button", name="Urungkan").tap()
    assert desk.page.locator(".decisions .banner").count() == 0
    desk.page.locator("[data-fold]").tap()
    assert desk.page.locator(".desk-cards > li").count() == 3


def test_it_goes_after_a_while_and_only_then_is_said_to_be_done(reading: tuple[Desk, list[int]], panel: Served) -> None:
    desk, ids = reading
    approve(desk).tap()
    lies_open(desk, "2 dari 3 · 1 diputuskan")
    assert "telah" not in desk.text(".decisions")
    assert states(panel, ids) == ["approve"] * 3
    desk.page.keyboard.press("u")  # undone by key
    lies_open(desk, "2 dari 3")
    approve(desk).tap()
    lies_open(desk, "3 dari 3 · 1 diputuskan")
    over(desk)
    message = line(desk, APPROVED)
    assert sorted(states(panel, ids)) == ["approve", "approve", "deliver"]
    expect(message.get_by_role("link", name="Tarik kembali")).to_be_visible()
    box, letter = message.bounding_box(), desk.page.locator(".desk-cards > .reading").bounding_box()
    assert box
    assert letter
    assert box["height"] <= 52  # one line, of its own above the next case
    assert box["y"] + box["height"] <= letter["y"]
    assert message.get_by_role("link").count() == 1
    assert message.inner_text().split()[0] in desk.text("[data-spoken]")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    over(desk)
    expect(message).to_be_visible()  # or the letter would move while it is read
    desk.page.locator("[data-fold]").tap()
    expect(message).to_have_count(0)


def test_a_phone_that_is_locked_has_decided(reading: tuple[Desk, list[int]], panel: Served) -> None:
    desk, ids = reading
    desk.page.evaluate(HIDDEN, True)
    with sent_at_once(desk):
        approve(desk).tap()  # and was locked before the panel had said that it would go
    line(desk, APPROVED)
    assert sorted(states(panel, ids)) == ["approve", "approve", "deliver"]


def test_hiding_leaving_and_locking_the_page_send_what_waits_at_once(
    reading: tuple[Desk, list[int]], panel: Served
) -> None:
    desk, ids = reading
    desk.page.evaluate(KEEPS_ALIVE)
    for place, what in enumerate((f"({HIDDEN})(true)", LEFT, LOCKED)):
        lies_open(desk, progress(place + 1, 3, place))
        desk.page.evaluate(f"({HIDDEN})(false)")
        approve(desk).tap()
        line(desk, "Akan disetujui")
        with sent_at_once(desk):
            desk.page.evaluate(what)
        line(desk, APPROVED)
    assert states(panel, ids) == ["deliver"] * 3
    assert desk.page.evaluate("window.outlives") == [True] * 3  # the page that sent it


def test_what_was_put_to_sleep_until_the_session_locked_is_said_after_the_password_and_not_sent(
    reading: tuple[Desk, list[int]], panel: Served
) -> None:
    desk, ids = reading
    approve(desk).tap()
    line(desk, "Akan disetujui")
    leave_unused(desk)
    unlock(desk, PASSWORD)
    line(desk, "Belum terkirim")
    assert states(panel, ids) == ["approve"] * 3


def test_leaving_and_signing_out_send_it_at_once(reading: tuple[Desk, list[int]], panel: Served) -> None:
    desk, ids = reading
    approve(desk).tap()
    line(desk, "Akan disetujui")
    desk.open("/meja/approve/")
    line(desk, APPROVED)
    assert sorted(states(panel, ids)) == ["approve", "approve", "deliver"]
    desk.page.locator(".desk-cards h3 button").first.tap()
    lies_open(desk, re.compile("^(1 dari 2|2 dari 3 · 1 diputuskan)$"))  # drawn after or before it arrived
    approve(desk).tap()
    line(desk, "Akan disetujui")
    desk.page.evaluate("document.querySelector('form[action=\"/keluar\"]').requestSubmit()")
    desk.page.wait_for_url("**/masuk*")
    assert sorted(states(panel, ids)) == ["approve", "deliver", "deliver"]
    assert desk.page.evaluate("sessionStorage.length") == 0


def test_a_decision_unsent_for_lack_of_network_is_shown_at_the_next_opening_and_never_sent(
    reading: tuple[Desk, list[int]], panel: Served
) -> None:
    desk, ids = reading
    approve(desk).tap()
    lies_open(desk, "2 dari 3 · 1 diputuskan")
    desk.page.context.set_offline(True)
    over(desk)
    line(desk, "Belum terkirim: Setujui")
    desk.page.context.set_offline(False)
    desk.open("/pengaduan/")
    desk.open("/meja/approve/")
    desk.page.wait_for_load_state("networkidle")
    desk.page.clock.run_for(10_000)
    message = line(desk, "Belum terkirim: Setujui")
    assert states(panel, ids) == ["approve"] * 3
    stored = desk.page.evaluate("sessionStorage.getItem('keputusan')")
    assert "Bantuan terhenti" not in stored
    message.get_by_role("link", name="Buka berkas").tap()
    desk.page.wait_for_selector(".reader-bar")
    assert desk.page.evaluate("sessionStorage.getItem('keputusan')") == "[]"


def test_a_second_tab_is_answered_as_done_and_a_refusal_stays_until_it_is_read(
    reading: tuple[Desk, list[int]], panel: Served
) -> None:
    desk, ids = reading
    other, late = Desk.opened(panel, desk.page.context), Desk.opened(panel, desk.page.context)
    for tab in (other, late):
        tab.open(f"/meja/approve/{lying(desk)}/")
    approve(desk).tap()
    lies_open(desk, "2 dari 3 · 1 diputuskan")
    approve(other).tap()
    line(other, "Akan disetujui")
    over(desk)
    line(desk, APPROVED)
    line(other, APPROVED)  # sent a second time
    with panel.its_database():
        assert Event.select().where(Event.complaint.in_(ids) & (Event.act == "approve")).count() == 1
    sent = list[str]()
    late.page.on("request", lambda request: sent.append(request.post_data or ""))
    approve(late).tap()
    line(late, APPROVED)
    assert not [
        body for body in sent if "do=decide" in body
    ]  # the question whether it would go already counts it as done
    late.page.close()
    last = lying(desk)
    approve(desk).tap()
    lies_open(desk, "3 dari 3 · 2 diputuskan")
    with panel.its_database():
        petugas = User.get(username="petugas")
        assert workflow.advance([last], "supplement", by=petugas, blanks={"statement": "Warga datang lagi."}).done
    over(desk)
    refused = line(desk, "Tidak diproses: Setujui")
    over(desk)
    assert "telah diubah oleh" in refused.inner_text()
    desk.open("/meja/approve/")
    refused = line(desk, "Tidak diproses: Setujui")  # it had arrived
    refused.get_by_role("button", name="Tutup").tap()
    expect(refused).to_have_count(0)
    desk.page.locator(".desk-cards h3 button").first.tap()
    lies_open(desk, "1 dari 2")
    approve(desk).tap()
    line(desk, "Akan disetujui")
    with panel.its_database():
        Session.update(ended=now()).where(Session.ended.is_null()).execute()  # locked, or signed out elsewhere
    over(desk)
    assert "Panel terkunci atau Anda sudah keluar." in line(desk, "Belum terkirim").inner_text()


def test_the_proof_of_self_comes_before_it_waits(reading: tuple[Desk, list[int]], panel: Served) -> None:
    desk, ids = reading
    with panel.its_database():
        Session.update(proven=now() - timedelta(minutes=31)).where(Session.ended.is_null()).execute()
    approve(desk).tap()
    desk.page.get_by_label("Kata sandi").fill(PASSWORD)
    assert states(panel, ids) == ["approve"] * 3
    desk.press("Lanjutkan")
    line(desk, "Akan disetujui")
    desk.page.locator(".reader-head h4").get_by_text("2 dari 3 · 1 diputuskan", exact=True).wait_for()
    desk.page.clock.run_for(5_000)
    assert desk.page.locator(".decisions .banner").count() == 1
    assert states(panel, ids) == ["approve"] * 3
    over(desk)
    line(desk, APPROVED)
