"""What was typed and not saved is a draft of its tab: of one person, form and day, filled in for who asks for it."""

import pytest
from playwright.sync_api import Locator, expect

from models.complaint.complaint import Complaint, Person
from tests.browser.intake.test_intake import STORY
from tests.browser.looks.looked import Looker
from tests.browser.served import PASSWORD
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

NEW = "/pengaduan/new/"
PHONE = "081200001234"
DRAFTS_STORED = "() => Object.keys(sessionStorage).filter((key) => key.startsWith('konsep ')).length"


@pytest.fixture
def phone(desk: Desk) -> Desk:
    """A Petugas with a telephone in the hand."""
    desk.sign_in("petugas").page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    return desk


@pytest.fixture
def typed(phone: Desk) -> Desk:
    """An intake that was begun, the page then loaded anew."""
    phone.open(NEW)
    phone.fill(medium="Telepon", pengadu__name="Budi", pengadu__phone=PHONE, story=STORY)
    return again(phone)


def again(desk: Desk) -> Desk:
    """The page once more, after what was typed is stored."""
    desk.page.wait_for_function(DRAFTS_STORED)
    desk.page.reload()
    return desk


def question(desk: Desk) -> Locator:
    return desk.page.get_by_role("dialog")


def stored_drafts(desk: Desk) -> int:
    return int(desk.page.evaluate(DRAFTS_STORED))


def answer(desk: Desk, words: str) -> None:
    question(desk).get_by_role("button", name=words).click()
    desk.page.wait_for_load_state()


def is_empty(desk: Desk) -> bool:
    return not any(desk.value(name) for name in ("medium", "pengadu-name", "pengadu-phone", "story"))


def last_case(desk: Desk) -> Complaint:
    with desk.panel.its_database():
        case: Complaint = Complaint.select().order_by(Complaint.id.desc()).first()
        return case


def test_nothing_is_filled_in_before_the_answer_which_is_in_sight_on_a_phone(typed: Desk) -> None:
    assert is_empty(typed)
    go_on, anew = (
        question(typed).get_by_role("button", name=name) for name in ("Lanjutkan konsep pukul", "Mulai baru")
    )
    for button in (go_on, anew):
        expect(button).to_be_in_viewport(ratio=1)
        expect(button).to_be_enabled()
    expect(go_on).to_contain_text(f" – {STORY[:50]}")
    typed.page.keyboard.press("Enter")  # by a hand that was still typing
    typed.page.keyboard.press("Escape")
    typed.page.keyboard.press("Escape")
    expect(question(typed)).to_be_visible()
    assert is_empty(typed)
    other = Desk(typed.panel, typed.page.context.new_page())
    other.open(NEW)
    assert (question(other).count(), is_empty(other)) == (0, True)
    assert Looker(typed).here()[0] == []


def test_a_draft_that_is_taken_up_leaves_the_clock_with_the_form_of_today(phone: Desk) -> None:
    phone.open(NEW)
    opened = [phone.value("opened")]
    phone.fill(medium="Telepon", pengadu__name="Budi", pengadu__phone=PHONE, story=STORY)
    again(phone)
    opened.append(phone.value("opened"))
    answer(phone, "Lanjutkan konsep")
    assert (phone.value("story"), phone.value("pengadu-phone")) == (STORY, PHONE)
    expect(phone.blank("story")).to_be_focused()
    opened.append(phone.value("opened"))
    assert (opened[0] == opened[1], opened[1] == opened[2]) == (False, True)
    assert phone.page.evaluate("localStorage.length") == 0
    phone.page.locator("[data-restored]").get_by_role("button", name="Mulai baru").click()
    phone.page.wait_for_load_state()
    assert (is_empty(phone), stored_drafts(phone), phone.value("opened") in opened) == (True, 0, False)


def test_beginning_anew_passes_nothing_of_one_caller_to_the_next(typed: Desk) -> None:
    answer(typed, "Mulai baru")
    assert (is_empty(typed), stored_drafts(typed)) == (True, 0)
    typed.page.get_by_label("Pengadu anonim").check()
    typed.fill(medium="Telepon", category="Belum dipilah", story="Tetangga dipukuli suaminya sekarang juga.")
    typed.press("Simpan")
    assert "Pengaduan tercatat" in typed.text("h1")
    with typed.panel.its_database():
        assert not Person.get(complaint=last_case(typed).id, kind="pengadu").phone
    assert stored_drafts(typed) == 0
    typed.page.go_back()
    assert (is_empty(typed), question(typed).count()) == (True, 0)


def yesterday(desk: Desk) -> None:
    desk.open("/")
    desk.page.evaluate(
        """() => Object.keys(sessionStorage).forEach((key) => sessionStorage.setItem(key,
        sessionStorage.getItem(key).replace(/"day":"[^"]+"/, '"day":"2/1/2026"')))"""
    )


def somebody_else(desk: Desk) -> None:
    """Signs in in the same tab without a sign-out before."""
    desk.page.context.clear_cookies()
    desk.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    desk.open("/masuk")
    form = desk.page.locator("form.sheet")
    form.get_by_label("Nama pengguna").fill("petugas2")
    form.get_by_label("Kata sandi").fill(PASSWORD)
    form.get_by_role("button", name="Masuk").click()
    desk.page.wait_for_selector(".who")


def the_same_anew(desk: Desk) -> None:
    desk.sign_in("petugas2")


def test_a_draft_of_another_day_or_person_is_neither_offered_nor_left(typed: Desk) -> None:
    for gone in (yesterday, somebody_else, the_same_anew):
        typed.open(NEW)
        if question(typed).count():
            answer(typed, "Lanjutkan konsep")
        typed.fill(story=STORY)
        typed.page.wait_for_function(DRAFTS_STORED)
        gone(typed)
        typed.open(NEW)
        assert (question(typed).count(), is_empty(typed), stored_drafts(typed)) == (0, True, 0), gone
    typed.open("/akun/")
    for secret in typed.page.locator("input[type=password]").all():
        secret.fill(PASSWORD)
    typed.page.reload()
    assert typed.page.evaluate("sessionStorage.length") == 0


def test_what_joins_an_earlier_case_is_a_draft_until_it_is_saved_there(phone: Desk) -> None:
    story = f"{STORY} Sudah dua kali kami sampaikan."
    for _ in range(2):
        phone.open(NEW)
        phone.fill(medium="Telepon", category="Belum dipilah", story=story, pengadu__name="Budi")
        phone.press("Simpan")
    phone.press("Tambahkan sebagai keterangan")
    phone.open(NEW)
    answer(phone, "Lanjutkan konsep")
    assert phone.value("story") == story
    phone.press("Simpan")  # and it is sent once more; the page that comes back is no draft to be asked about
    expect(question(phone)).to_have_count(0)
    phone.press("Tambahkan sebagai keterangan")
    phone.press("Tambah keterangan")
    assert "Keterangan telah ditambahkan" in phone.text()
    assert stored_drafts(phone) == 0


ASKED = {  # what is typed on the page of an act, and the buttons that save it
    "hold": ({"note": "Menunggu surat kelurahan."}, ("Tunda",)),
    "correct": ({"event_place": "Pasar Besar"}, ("Periksa akibatnya", "Simpan ralat")),
}


@pytest.mark.parametrize("act", ASKED)
def test_an_act_asks_as_well_of_its_own_case_alone_and_brings_back_what_was_changed(phone: Desk, act: str) -> None:
    blanks, buttons = ASKED[act]
    [(name, words)] = blanks.items()
    with phone.panel.its_database():
        one, other = bring("deliver", 2)
    phone.open(f"/pengaduan/langkah/{act}/?id={one}")
    phone.fill(**blanks)
    phone.page.wait_for_function(DRAFTS_STORED)
    phone.open(f"/pengaduan/langkah/{act}/?id={other}")
    assert question(phone).count() == 0
    assert phone.value(name) != words
    with phone.panel.its_database():  # somebody else has put right another blank meanwhile
        Complaint.update(version=Complaint.version + 1, accused="Oknum").where(Complaint.id == one).execute()
    phone.open(f"/pengaduan/langkah/{act}/?id={one}")
    shown = phone.value("cases")
    assert phone.value(name) != words
    expect(question(phone)).to_contain_text("berubah sesudah itu")
    for button in question(phone).get_by_role("button").all():
        expect(button).to_be_in_viewport(ratio=1)
    answer(phone, "Lanjutkan konsep")
    assert (phone.value(name), phone.value("cases")) == (words, shown)
    assert phone.page.locator("[name=accused]").evaluate_all("all => all.map((e) => e.value)") in ([], ["Oknum"])
    phone.blank("reason").select_option(index=1)
    for label in buttons:
        phone.press(label)
    assert stored_drafts(phone) == 0
    phone.open(f"/pengaduan/langkah/{act}/?id={one}")
    assert question(phone).count() == 0
