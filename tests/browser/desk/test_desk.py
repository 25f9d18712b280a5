"""The Kepala Dinas at his desk in a browser: by thumb, forty at once, by keyboard, without script."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.people import User
from models.workflow import workflow
from tests.browser.hands import Keys
from tests.browser.served import Served
from tests.browser.waiting import Sit, bring, first_reason, only, states
from tests.browser.window import NARROW, WIDE, Desk


def fits(desk: Desk) -> bool:
    return bool(desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def bar(desk: Desk) -> str:
    return desk.text("[data-go]")


@pytest.mark.nightly(size=[WIDE])  # by day forty move together from the list
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_forty_are_approved_and_the_one_edited_meanwhile_is_read_again(
    panel: Served, sit_at: Sit, size: dict[str, int]
) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 40)
    desk = sit_at(size)
    desk.follow("Nota Dinas", within=".desk-tabs")
    assert desk.text(".desk-tabs [aria-current]") == "Nota Dinas 40"
    for page in range(2):
        desk.press("Pilih semua", within="form.desk")
        assert bar(desk) == "Setujui 20"
        assert fits(desk)
        if not page:
            with panel.its_database():
                edited(int(desk.page.locator("input[name=case]").nth(3).input_value().partition(":")[0]))
        desk.page.locator("[data-go]").click()
        desk.page.wait_for_selector(".page-head .badges")
        assert fits(desk)
        if not page:
            assert "19 pengaduan selesai diproses" in desk.text("h1")
            assert "telah diubah oleh" in desk.text(".desk-cards")
            assert "Jawaban yang diganti." in desk.text(".desk-cards .news")
            papers(desk, 19)
            assert bar(desk) == "Centang atau buka berkas"
            desk.page.locator("input[name=case]").check()
            assert bar(desk) == "Setujui 1"
            desk.page.locator("[data-go]").click()
            desk.page.locator("h1").get_by_text("1 pengaduan selesai diproses", exact=True).wait_for()
            desk.follow("Ke Meja Persetujuan")
    assert states(panel, ids) == ["deliver"] * 40


def edited(case: int) -> None:
    """Pulled back by the unit, written anew, submitted once more."""
    head = User.get(username="bidang.rehsos")
    assert workflow.advance([case], "recall", by=head, blanks={"reason": first_reason("recall")}).done
    assert workflow.advance([case], "submit", by=head, blanks={"answer": "Jawaban yang diganti."}).done


def papers(desk: Desk, count: int) -> None:
    """One PDF of exactly the papers just issued."""
    with desk.page.expect_download() as merged:
        desk.page.get_by_role("button", name="Gabungkan jadi satu PDF").click()
    outline = PdfReader(io.BytesIO(merged.value.path().read_bytes())).outline
    assert len(outline) == count
    assert all(str(mark["/Title"]).startswith("Nota Dinas") for mark in outline)


@pytest.mark.nightly(size=[WIDE])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_twelve_are_disposed_as_proposed_and_what_is_to_be_read_singly_stays(
    panel: Served, sit_at: Sit, size: dict[str, int]
) -> None:
    with panel.its_database():
        ids = only(panel, "dispose", 12)
        apart = [
            *bring("dispose", 1, emergency=True),
            *bring("dispose", 1, secrecy="rahasia"),
            *bring("dispose", 1, law_class="berkadar"),
        ]
    desk = sit_at(size)
    assert desk.text(".desk-tabs [aria-current]") == "Disposisi 15"
    desk.press("Pilih semua", within="form.desk")
    assert bar(desk) == "Disposisikan 12"
    assert not any(desk.page.locator(f'input[name=case][value^="{case}:"]').is_checked() for case in apart)
    assert desk.text(".left-out summary") == "3 tidak ikut: darurat, rahasia, berkadar pengawasan"
    assert fits(desk)
    desk.page.locator("[data-go]").click()
    desk.page.wait_for_selector(".page-head .badges")
    assert "12 pengaduan selesai diproses" in desk.text("h1")
    assert "12 dokumen baru terbit" in desk.text()
    assert states(panel, ids) == ["handle"] * 12
    assert states(panel, apart) == ["dispose"] * 3


def test_in_place_one_goes_back_one_gets_a_note_and_one_another_unit(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "dispose", 3)
    desk = sit_at(NARROW)
    first, second, third = (desk.page.locator(".desk-cards > li").nth(n) for n in range(3))
    desk.press("Pilih semua", within="form.desk")
    first.get_by_role("button", name="Kembalikan").click()
    assert bar(desk) == "Disposisikan 2 · kembalikan 1"
    first.get_by_label("Alasan").select_option(label="Berkas belum lengkap")
    second.get_by_role("button", name="Ubah").click()
    assert second.get_by_label("Tindak lanjuti sesuai ketentuan").is_checked()
    second.get_by_label("Diteruskan kepada").select_option(label="Sekretariat")
    third.get_by_role("button", name="Kembalikan").click()
    assert bar(desk) == "Disposisikan 1 · kembalikan 2"
    third.locator("label").first.click()
    assert bar(desk) == "Disposisikan 2 · kembalikan 1"
    assert fits(desk)
    desk.page.locator("[data-go]").click()
    desk.page.wait_for_selector(".page-head .badges")
    assert states(panel, ids) == ["raise", "handle", "handle"]
    with panel.its_database():
        assert str(Complaint.get_by_id(ids[1]).unit) == "Sekretariat"


def swipe(desk: Desk, way: int) -> None:
    """A finger that moves sideways over the opened file: to the left for 1, to the right for -1."""
    finger = desk.page.context.new_cdp_session(desk.page)
    for kind, moved in (("touchStart", 0), ("touchMove", 60), ("touchMove", 120), ("touchMove", 220), ("touchEnd", 0)):
        points = [] if kind == "touchEnd" else [{"x": 195 + (110 - moved) * way, "y": 450}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def place(desk: Desk, words: str) -> None:
    """Wait until the opened case says which of how many it is."""
    desk.page.locator(".reader-head h4").get_by_text(words, exact=True).wait_for()


def progress(place: int, count: int, decided: int) -> str:
    """What an opened case says of its pile."""
    return f"{place} dari {count}{f' · {decided} diputuskan' if decided else ''}"


def opened(desk: Desk) -> tuple[int, int]:
    """The case that lies open, and the version that it shows. Under three lines of forty words at most its letter
    begins with its subject, so that the matter is read without scrolling, and its buttons are in sight."""
    page = desk.page
    matter = page.locator(".reader .naskah p", has_text="1. Pokok pengaduan.").bounding_box()
    bar = page.locator(".reader-bar").bounding_box()
    assert matter
    assert bar
    assert matter["y"] + matter["height"] <= bar["y"]
    assert [row.inner_text().split()[0] for row in page.locator(".letter-head tr").all() if row.is_visible()] == ["Hal"]
    assert bar["y"] + bar["height"] <= page.evaluate("innerHeight")
    assert page.locator(".in-brief p").count() == 3
    assert len(desk.text(".in-brief").split()) <= 40
    assert not page.locator(".background").evaluate("one => one.open")
    assert fits(desk)
    case, _, version = str(page.locator("[data-reader]").get_attribute("data-reader")).partition(":")
    return int(case), int(version)


SHARES = """() => {
  navigator.canShare = ({files}) => files.length === 1;
  navigator.share = async ({files: [file]}) => {
    document.body.dataset.handed = [file.name, file.type, (await file.text()).slice(0, 5)];
  };
}"""


@pytest.mark.nightly(count=[10])
@pytest.mark.parametrize("count", [3, 10])
def test_nota_dinas_are_read_and_decided_by_thumb_each_at_the_version_that_lay_there(
    panel: Served, sit_at: Sit, count: int
) -> None:
    """One tap to read the first, one to decide on each; two more and a reason for what goes back."""
    with panel.its_database():
        ids = only(panel, "approve", count)
    desk, taps, versions = sit_at(NARROW), 0, dict[int, int]()
    desk.page.clock.install()

    def tap(label: str, within: str = ".reader-bar") -> None:
        nonlocal taps
        desk.page.clock.fast_forward(8_000)  # it was read meanwhile
        desk.page.locator(within).get_by_role("button", name=label, exact=True).tap()
        taps += 1

    desk.follow("Nota Dinas", within=".desk-tabs")
    desk.page.locator(".desk-cards h3 button").first.tap()
    place(desk, f"1 dari {count}")
    text = desk.text(".reader")
    assert [part for part in ("Warga ke-", "Disposisi", "Usulan Saudara sudah kami kirim.") if part not in text] == []
    first = opened(desk)[0]
    swipe(desk, 1)
    place(desk, f"2 dari {count}")
    assert opened(desk)[0] != first
    swipe(desk, -1)
    place(desk, f"1 dari {count}")
    assert opened(desk)[0] == first
    for decided in range(count - 1):
        place(desk, progress(decided + 1, count, decided))
        case, version = opened(desk)
        versions[case] = version
        tap("Setujui")
        assert "/meja/approve/" in desk.page.url
    place(desk, progress(count, count, count - 1))
    tap("Kembalikan")
    desk.page.get_by_label("Alasan").select_option(index=1)
    tap("Kembalikan untuk perbaikan", ".laid.back")
    desk.page.locator("[data-bare]").wait_for()
    assert sorted(states(panel, ids)) == ["approve"] + ["deliver"] * (count - 1)
    desk.page.clock.fast_forward(8_000)
    desk.page.locator(".decisions").get_by_text(re.compile(r"^PGD/\S+ dikembalikan")).wait_for()
    assert sorted(states(panel, ids)) == ["deliver"] * (count - 1) + ["handle"]
    assert taps == count + 1
    with panel.its_database():
        approved = Event.select(Event.complaint, Event.version).where(Event.act == "approve", Event.complaint.in_(ids))
        assert {event.complaint_id: event.version - 1 for event in approved} == versions
    month = desk.page.locator("[data-month]")
    assert re.search(r"[1-9][0-9]* Nota Dinas diputus, [0-9]+ tepat waktu", month.inner_text())
    with desk.page.expect_download() as sheet:
        month.get_by_role("link", name="Bagikan").tap()
    assert len(PdfReader(io.BytesIO(sheet.value.path().read_bytes())).pages) == 1
    desk.page.evaluate(SHARES)
    month.get_by_role("link", name="Bagikan").tap()
    desk.page.locator(f'body[data-handed="{sheet.value.suggested_filename},application/pdf,%PDF-"]').wait_for()


def test_on_a_phone_back_after_a_decision_sends_nothing_and_decides_nothing(panel: Served, sit_at: Sit) -> None:
    """A page that had answered what was sent would be asked for by sending it anew: Chromium shows a warning instead of
    it, without any answer."""
    with panel.its_database():
        ids = only(panel, "approve", 3)
    desk = sit_at(NARROW, script=False)  # with script a decision waits in the tab, and leads nowhere
    page, sent = desk.page, list[str]()
    desk.follow("Nota Dinas", within=".desk-tabs")
    page.locator(".desk-cards h3 button").first.click()
    for left in (3, 2):
        place(desk, f"1 dari {left}")
        page.locator(".reader-bar").get_by_role("button", name="Setujui", exact=True).click()
        place(desk, f"1 dari {left - 1}")
        assert "telah disetujui" in desk.text(".came")
    with panel.its_database():
        entries = Event.select().count()
    page.on("request", lambda request: sent.append(request.method) if request.is_navigation_request() else None)
    page.reload()
    place(desk, "1 dari 1")
    back = page.go_back()
    assert back is not None
    assert (back.status, page.locator(".reader").count()) == (200, 0)
    assert "tidak dapat dilakukan sekarang" in desk.text(".came")
    page.go_forward()
    place(desk, "1 dari 1")
    assert set(sent) == {"GET"}
    with panel.its_database():
        assert Event.select().count() == entries
    assert sorted(states(panel, ids)) == ["approve", "deliver", "deliver"]


def test_letters_and_arrows_turn_and_decide_and_the_letters_can_be_switched_off(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 3)
    desk = sit_at(WIDE)
    press, switch = desk.page.keyboard.press, desk.page.locator("[data-letters]")
    desk.open("/meja/approve/")
    press("j")
    place(desk, "1 dari 3")
    assert desk.page.evaluate("document.activeElement.matches('.reader-head h4')")
    for key, words in (("j", "2 dari 3"), ("ArrowRight", "3 dari 3"), ("k", "2 dari 3"), ("ArrowLeft", "1 dari 3")):
        press(key)
        place(desk, words)
    press("Escape")
    assert desk.page.locator(".reader").count() == 0
    assert desk.page.evaluate("document.activeElement.matches('.desk-cards > li:first-child h3 button')")
    switch.uncheck()
    desk.page.reload()
    assert not switch.is_checked()
    press("j")
    desk.page.locator(".desk-cards h3 button").nth(1).click()
    place(desk, "2 dari 3")
    press("j")
    press("ArrowRight")
    place(desk, "3 dari 3")
    desk.page.go_back()
    assert desk.page.locator(".reader").count() == 0
    assert desk.page.url.endswith("/meja/approve/")
    switch.check()
    press("j")
    ready = desk.page.locator(".reader-bar [data-key=a]:not([aria-disabled])")
    ready.wait_for()
    press("r")
    assert desk.page.evaluate("document.activeElement.name.endsWith('-reason')")
    press("a")  # chooses in the field that has the focus
    desk.press("Batal", within=".laid.back")
    assert desk.page.locator(".decisions .banner").count() == 0
    press("a")
    desk.page.locator(".decisions").get_by_text("Akan disetujui").wait_for()
    press("u")
    assert states(panel, ids) == ["approve"] * 3


def test_a_letter_pressed_too_early_is_meant_for_the_file_that_is_coming_or_is_answered_by_a_sentence(
    panel: Served, sit_at: Sit
) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 3)
    desk = sit_at(WIDE)
    page, press = desk.page, desk.page.keyboard.press
    hint, reason = page.locator("[data-hint]"), page.locator(".laid.back select")
    desk.open("/meja/approve/")
    page.wait_for_load_state()
    for key in ("a", "r"):  # nothing is opened
        press(key)
        expect(hint).to_have_text("Buka berkas dahulu.")
    press("j")
    press("j")  # before the first has come
    press("r")
    place(desk, "2 dari 3")
    expect(reason).to_be_focused()
    desk.press("Batal", within=".laid.back")
    press("Escape")
    assert page.evaluate("document.activeElement.matches('.desk-cards > li:nth-child(2) h3 button')")
    press("j")  # from where the focus is
    place(desk, "3 dari 3")
    press("j")
    expect(hint).to_have_text("Ini berkas terakhir pada halaman ini.")
    press("k")
    place(desk, "2 dari 3")
    press("a")  # it has only just come
    expect(hint).to_contain_text("Sebentar")
    assert (
        page.locator(".reader-bar .primary")
        .evaluate("e => getComputedStyle(e, '::after').content")
        .startswith('"Sebentar…"')
    )
    press("r")  # a form decides nothing: it opens at once
    expect(reason).to_be_focused()
    reason.select_option(index=1)
    page.locator(".reader-head h4").focus()
    press("r")  # what was chosen stays
    expect(reason).to_be_focused()
    assert reason.input_value()
    page.locator(".reader-head h4").focus()
    press("?")
    page.locator(".keys-box h2").click()  # the focus is nowhere
    press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    place(desk, "2 dari 3")  # the box is closed, not the file under it
    assert states(panel, ids) == ["approve"] * 3


def test_under_the_open_menu_of_a_phone_the_bar_is_out_of_reach(panel: Served, sit_at: Sit) -> None:
    desk = sit_at(NARROW)
    desk.open("/meja/approve/")
    bar = desk.page.locator(".desk-bar")
    assert bar.bounding_box()["height"] <= 88  # type: ignore[index]
    desk.page.locator(".drawer summary").tap()
    expect(bar).to_be_hidden()
    desk.page.locator(".drawer summary").tap()
    expect(bar).to_be_visible()


def test_the_first_card_stands_high_on_the_screen(panel: Served, sit_at: Sit) -> None:
    for size in (WIDE, NARROW, {**NARROW, "width": 360}):
        desk = sit_at(size)
        desk.open("/meja/approve/")
        card = desk.page.locator(".desk-cards > li").first.bounding_box()
        assert card
        assert card["y"] <= 260


def test_by_keyboard_alone_all_are_ticked_and_one_goes_back(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 12)
    desk = sit_at(WIDE)
    keys, press = Keys(desk.page), desk.page.keyboard.press
    keys.go(("Nota Dinas",))
    keys.reach(desk.page.locator("input[name=case]").first)
    press("Enter")  # decides nothing and opens nothing
    assert desk.page.locator(".desk-cards .laid").count() == 0
    assert states(panel, ids) == ["approve"] * 12
    keys.reach(desk.page.get_by_role("button", name="Kembalikan").first)
    press("Enter")
    assert desk.page.evaluate("document.activeElement.name.endsWith('-reason')")
    press("ArrowDown")
    keys.reach(desk.page.locator("[data-whole]"))
    press("Space")
    assert bar(desk) == "Setujui 11 · kembalikan 1"
    keys.press(desk.page.locator("[data-go]:not([aria-disabled])"))  # deaf while the sheet is new
    desk.page.wait_for_selector(".page-head .badges")
    assert sorted(states(panel, ids)) == ["deliver"] * 11 + ["handle"]


def test_without_script(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "dispose", 12)
    desk = sit_at(NARROW, script=False)
    desk.page.locator("input[name=case]").nth(2).press("Enter")  # which browsers take for the form's first button
    desk.page.wait_for_load_state()
    assert states(panel, ids) == ["dispose"] * 12
    desk.press("Pilih semua", within="form.desk")
    assert desk.page.locator("input[name=case]:checked").count() == 12
    first = desk.page.locator(".desk-cards > li").first
    first.get_by_role("button", name="Kembalikan").click()
    assert bar(desk) == "Disposisikan yang dipilih · kembalikan 1"
    assert desk.page.locator("input[name=case]:checked").count() == 11
    desk.press("Batal", within=".desk-cards > li")  # although no reason was picked
    assert desk.page.locator(".laid").count() == 0
    desk.page.locator(".desk-cards > li").first.get_by_role("button", name="Kembalikan").click()
    desk.page.locator(".desk-cards > li").first.get_by_label("Alasan").select_option(label="Berkas belum lengkap")
    desk.page.locator("[data-go]").click()
    assert "12 pengaduan selesai diproses" in desk.text("h1")
    assert states(panel, ids) == ["raise"] + ["handle"] * 11
