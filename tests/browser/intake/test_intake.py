"""Taking down a complaint in a real browser: in time, by keyboard alone, without script, and with what script adds."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Route, expect

from models.complaint.complaint import Complaint, Person
from models.office import contacts
from models.office.people import Division, User
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from sop.words import format_date
from tests.browser.guide import text_of
from tests.browser.hands import Keys
from tests.browser.window import NARROW, WIDE, Desk

Sit = Callable[[str], Desk]
SAFELY = "Lewat adiknya, sore hari"
SECONDS, A_KEY = 90, 0.2  # an officer types five keys a second
STORY = (
    "Bantuan PKH saya tidak masuk sejak Juli, padahal nama saya masih ada di daftar kelurahan. Sudah dua kali bertanya."
)
STEPS: tuple[tuple[str, str], ...] = (  # (field, what is typed there); a select takes the first letters
    ("medium", "Datang"),
    ("pengadu-name", "Siti Maslikah"),
    ("pengadu-phone", "081234567890"),
    ("pengadu-safe_contact", "Hanya SMS, siang"),
    ("story", STORY),
    ("category", "Bantuan sosial (PKH"),
    ("asks", "Bantuan disalurkan kembali."),
    ("pengadu-nik", "9973015203850001"),
    ("pengadu-address", "Jl. Mawar 5 RT 02 RW 04"),
    ("pengadu-kelurahan", "Kasin"),
    ("event_date", "sejak Juli 2026"),
    ("event_place", "Kelurahan Kasin"),
    ("kelurahan", "Kasin"),
)


def at_intake(desk: Desk) -> Desk:
    desk.sign_in("petugas")
    desk.open("/pengaduan/new/")
    return desk


def delayed_requests(desk: Desk, word: str) -> list[Route]:
    """The next request of the form whose `do` begins with that word, once it is sent: the panel is slow."""
    delayed: list[Route] = []

    def hold(route: Route) -> None:
        if not delayed and f'name="do"\r\n\r\n{word}' in (route.request.post_data or ""):
            delayed.append(route)
        else:
            route.continue_()

    desk.page.route("**/pengaduan/new/", hold)
    return delayed


def typed_through(keys: Keys) -> int:
    """From the start page to the receipt with nothing but keys; how many keys that took."""
    keys.go(("Catat pengaduan",))
    for name, words in STEPS:
        keys.reach(keys.page.locator(f"[name={name}]"))
        keys.page.keyboard.type(words)
    keys.go(("Simpan dan naikkan",))
    print(f"{keys.keys} keys to move about, {sum(len(words) for _, words in STEPS)} to type")
    return keys.keys + sum(len(words) for _, words in STEPS)


def last(desk: Desk) -> tuple[Complaint, Person]:
    with desk.panel.its_database():
        case = Complaint.select().order_by(Complaint.id.desc()).first()
        return case, Person.get(complaint=case, kind="pengadu")


@pytest.fixture
def plain(panel, chromium: Browser) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    """A window in which no script runs."""
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False, locale="id-ID")
    yield Desk.opened(panel, context)
    context.close()


def test_a_complaint_is_taken_down_and_raised_by_keyboard_alone_in_ninety_seconds(desk: Desk) -> None:
    keys = typed_through(Keys(desk.sign_in("petugas").page))
    promised = int(re.search(r"dalam (\d+) detik", text_of("petugas"))[1])
    assert keys * A_KEY <= promised <= SECONDS, keys
    case, pengadu = last(desk)
    assert (case.story, case.state) == (
        STORY,
        current_procedure().target(
            vocabulary().transitions[current_procedure().first], state=current_procedure().first
        ),
    )
    assert (pengadu.birth, pengadu.sex) == ("12 Maret 1985", "P")
    assert case.title == STORY.partition(".")[0]
    assert desk.page.locator("#lengkapi").inner_text().count("Tidak ada") == 1
    receipt = desk.page.get_by_role("link", name="Cetak Tanda Terima").get_attribute("href")
    assert desk.fetch(receipt).body().startswith(b"%PDF-")


def test_without_script_it_is_taken_down_and_the_category_decides(plain: Desk) -> None:
    at_intake(plain)
    plain.fill(
        medium="Telepon",
        story="Tetangga saya dipukuli suaminya hampir setiap malam.",
        pengadu__name="Budi",
        pengadu__nik="9973011203850001",
        category="Kekerasan dalam rumah tangga (KDRT)",
    )
    plain.press("Tampilkan isian menurut kategori dan NIK")
    assert plain.value("secrecy") == "rahasia"
    assert plain.value("pengadu-birth") == "12 Maret 1985"
    assert plain.page.locator(".with-script:visible").count() == 0
    plain.press("Simpan")
    assert "Pengaduan tercatat" in plain.text("h1")
    assert last(plain)[0].secrecy == "rahasia"


def test_the_category_shows_at_once_what_it_decides_and_emergency_whom_to_call(desk: Desk) -> None:
    at_intake(desk)
    desk.fill(category="Kekerasan dalam rumah tangga (KDRT)")
    assert "Rahasia" in desk.text("#bawaan")
    assert desk.page.locator("select[name=secrecy] option:checked").inner_text() == "Rahasia – menurut kategori"
    desk.page.get_by_label("Darurat").check()
    named = re.compile("UPT Perlindungan Perempuan dan Anak .0341. 000001 Ngalam 112")
    expect(desk.page.locator(".call")).to_have_text(named)
    desk.fill(secrecy="Terbatas")
    assert not desk.page.locator("[data-secret]").is_visible()


def test_a_moment_is_read_out_as_it_is_picked(desk: Desk) -> None:
    at_intake(desk)
    desk.page.get_by_text("Pengaduan sudah masuk sebelumnya").click()
    read = desk.page.locator("#received_at-tanggal")
    expect(read).to_have_text("Tanggal dan jam belum diisi")
    desk.fill(received_at="2026-11-12T09:30")
    expect(read).to_have_text("12 November 2026 pukul 09.30")


def test_the_title_follows_the_story_until_the_case_is_rahasia(desk: Desk) -> None:
    at_intake(desk)
    title, sentence = desk.page.locator("[name=title]"), STORY.partition(".")[0]
    desk.fill(story=STORY, category="Bantuan sosial (PKH/BPNT) tidak diterima atau terhenti")
    desk.page.keyboard.press("Tab")
    expect(title).to_have_attribute("placeholder", sentence)
    expect(desk.page.locator("[data-decided=title]")).to_have_text(sentence)
    desk.fill(secrecy="Rahasia")
    expect(title).to_have_attribute("placeholder", "Bantuan sosial tidak diterima")
    desk.fill(secrecy="Biasa", title="Bantuan ibu")
    expect(desk.page.locator("[data-decided=title]")).to_have_text("Bantuan ibu")


def test_from_simpan_to_the_emergency_units_step_are_two_clicks_under_any_lead_unit(sit: Sit) -> None:
    petugas, unit = sit("petugas"), sit("bidang.ppa")
    unit.page.set_viewport_size(NARROW)
    petugas.open("/pengaduan/new/")
    petugas.page.get_by_label("Darurat").check()
    petugas.fill(medium="Telepon", story=STORY, category="Kekerasan dalam rumah tangga (KDRT)")
    petugas.fill(pengadu__name="Ratna", pengadu__phone="081200001234", pengadu__safe_contact=SAFELY)
    petugas.press("Simpan")  # the first click
    case, _ = last(petugas)
    box = petugas.page.locator("#darurat")
    expect(box.get_by_role("link", name="Telepon (0341) 000001")).to_have_attribute("href", "tel:0341000001")
    box.get_by_role("button", name="Sudah dihubungi").first.click()
    expect(petugas.page.get_by_role("heading", name="Pengaduan tercatat")).to_be_visible()
    expect(box).to_have_count(0)
    dispose_elsewhere(petugas, case)
    unit.page.reload()
    assert re.match(r"\(\d+ darurat\) ", unit.page.title())
    mine = unit.page.locator("#darurat .of-urgent").filter(has_text=case.number)
    mine.get_by_role("link", name="Catat tindakan darurat").click()  # the second
    expect(unit.page.locator("#kontak")).to_contain_text(SAFELY)
    expect(unit.page.get_by_role("alert").filter(has_text=SAFELY)).to_be_in_viewport()
    unit.page.get_by_label("Tindakan yang diambil").fill("Dijemput ke rumah aman.")
    unit.press("Catat tindakan darurat")
    expect(unit.page.get_by_text("Tindakan darurat telah dicatat.")).to_be_visible()
    unit.open("/")
    expect(mine).to_have_count(0)


def dispose_elsewhere(desk: Desk, case: Complaint) -> None:
    """Raised and disposed to another unit than the one on call."""
    with desk.panel.its_database():
        unit, people = Division.get(code="REHSOS").id, {u.username: u for u in User.select()}
        for key, who, blanks in (("raise", "petugas", {}), ("dispose", "kadis", {"unit": unit})):
            assert workflow.advance([case.id], key, by=people[who], blanks=blanks).done == [case.id]


@pytest.mark.parametrize(
    "typed",
    [
        "9973015203850001",
        "9973017112990004",
        "9973012902000003",
        "9973013202850001",
        "9973011213850001",
        "9973014003850001",
        "9973012902010003",
        "99",
    ],
)
def test_the_page_reads_a_nik_as_the_panel_does_and_overwrites_nothing(desk: Desk, typed: str) -> None:
    at_intake(desk)
    by_panel = contacts.read_nik(typed, date(2026, 11, 24))
    desk.fill(pengadu__nik=typed)
    assert desk.value("pengadu-birth") == (format_date(by_panel.birth) if by_panel else "")
    assert desk.value("pengadu-sex") == (by_panel.sex if by_panel else "")
    desk.fill(pengadu__birth="Malang, 1 Mei 1990")
    desk.fill(pengadu__nik="9973011203850001")
    assert desk.value("pengadu-birth") == "Malang, 1 Mei 1990"


def test_what_papers_print_otherwise_stands_below_its_blank_and_typing_goes_on(desk: Desk) -> None:
    """No letter is lost and the focus stays; a blank that was put right says nothing more."""
    name, note = at_intake(desk).blank("pengadu-name"), desk.page.locator("#pengadu-name-huruf")
    name.focus()
    desk.page.keyboard.type("Siti 漢 ")
    expect(note).to_have_text("Tidak dapat dicetak dan menjadi ▯: 漢.")
    desk.page.keyboard.type("Maslikah")
    assert name.input_value() == "Siti 漢 Maslikah"
    assert name.get_attribute("aria-describedby") == "pengadu-name-huruf"
    expect(name).to_be_focused()
    name.fill("Siti Maslikah")
    expect(note).to_have_count(0)
    assert name.get_attribute("aria-describedby") is None
    desk.blank("story").fill("Sedih 😭")
    expect(desk.page.locator("#story-huruf")).to_have_text(
        "Pada dokumen tercetak sebagai kata: [emoji: wajah menangis keras]."
    )
    assert desk.faults == []


def test_on_a_phone_a_number_in_the_story_is_moved_with_one_tap_and_nothing_typed_is_lost(sit: Sit) -> None:
    desk = at_intake(sit("petugas"))
    desk.page.set_viewport_size(NARROW)
    desk.fill(medium="Datang langsung ke loket pengaduan", category="Belum dipilah")
    desk.fill(pengadu__name="Siti Maslikah", asks="Mohon ditelepon.")
    desk.page.locator("[name=story]").type("Telepon saya 0812-3456-7890, bantuan berhenti.")
    tap = desk.page.get_by_role("button", name="Pindahkan ke data pengadu")
    expect(tap).to_be_visible()
    delayed = delayed_requests(desk, "lift:")
    tap.click()
    desk.page.locator("[name=story]").press_sequentially(" Tolong.")
    delayed[0].continue_()
    expect(desk.page.locator("[name=story]")).to_have_value("Telepon saya 62********90, bantuan berhenti. Tolong.")
    expect(tap).to_have_count(0)
    said = {name: desk.value(name) for name in ("pengadu__phone", "pengadu__name", "asks")}
    assert said == {"pengadu__phone": "081234567890", "pengadu__name": "Siti Maslikah", "asks": "Mohon ditelepon."}
    desk.page.locator("[name=asks]").fill("Telepon ibu saya 0813-1111-2222.")
    desk.press("Simpan")
    section = desk.page.get_by_text("Belum tersimpan.").locator("xpath=ancestor::section")
    expect(section).to_be_visible()
    with desk.page.expect_response("**/pengaduan/new/"):
        desk.page.locator("[name=story]").fill("Bantuan berhenti, telepon saya tetap.")
    desk.page.wait_for_timeout(200)
    assert desk.page.locator("[data-numbers-found]").count() == 1
    desk.page.locator("[name=asks]").fill("Telepon saja.")
    desk.open("/pengaduan/new/")
    desk.press("Mulai baru", within="dialog")
    desk.fill(pengadu__nik="9973015107900007", story="NIK suami 9973014506850002.")
    desk.page.locator("[name=story]").blur()
    tap.click()
    expect(desk.page.get_by_text("Tidak dipindahkan: isiannya sudah memuat nomor lain.")).to_be_visible()
    expect(tap).to_be_visible()
    assert desk.value("story") == "NIK suami 9973014506850002."


def test_who_types_on_while_a_number_is_moved_keeps_the_focus_and_the_caret(desk: Desk) -> None:
    """The panel answers between two letters of a word in the middle of the story."""
    story, keys = at_intake(desk).page.locator("[name=story]"), desk.page.keyboard
    story.type("Telepon saya 0812-3456-7890, bantuan berhenti.")
    tap = desk.page.get_by_role("button", name="Pindahkan ke data pengadu")
    expect(tap).to_be_visible()
    delayed = delayed_requests(desk, "lift:")
    tap.click()
    story.focus()
    keys.press("ControlOrMeta+End")
    keys.press("ArrowLeft")
    keys.type(" to")
    delayed[0].continue_()
    expect(story).to_have_value("Telepon saya 62********90, bantuan berhenti to.")
    expect(desk.page.get_by_text("Dipindahkan ke data pengadu.")).to_be_visible()
    keys.type("long")
    expect(story).to_have_value("Telepon saya 62********90, bantuan berhenti tolong.")
    expect(story).to_be_focused()
