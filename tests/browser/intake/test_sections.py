"""The form of an entry section by section: what is folded says what it holds, and opens wherever one comes to it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from models.records.entry import NO_CATEGORY
from tests.browser.intake.test_intake import SAFELY, STORY, at_intake, plain
from tests.browser.window import NARROW, WIDE, Desk

__all__ = ["plain"]
Sit = Callable[[str], Desk]
SECTIONS = ".form-sections > .card"
BLANKS = "main form .form-sections :is(input:not([type=hidden]), select, textarea)"
OPEN = f"() => [...document.querySelectorAll('{SECTIONS}')].findIndex((one) => one.matches('.open'))"
IN_SIGHT = """(e) => { const fold = e.closest('details:not([open])'), part = e.closest('.form-sections > .card');
  const own = [...part.children].find((one) => one.contains(e));
  return !fold && e.getBoundingClientRect().height > 0 && own.offsetHeight > 0; }"""
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
REACHED = "all => all.filter((e) => !e.disabled && e.getClientRects().length).map((e) => e.name)"
NIK, PHONE = "9973015203850001", "081234567890"


@pytest.fixture
def intake(sit: Sit) -> Desk:
    desk = sit("petugas")
    desk.page.emulate_media(reduced_motion="reduce")
    desk.open("/pengaduan/new/")
    return desk


def section(desk: Desk, name: str) -> Locator:
    return desk.page.locator(SECTIONS).filter(has=desk.page.locator(f'[name="{name}"]'))


def line(desk: Desk, name: str) -> str:
    """What the line of the section says in which this blank is."""
    return " ".join(section(desk, name).locator(".gist").inner_text().split())


def test_one_section_is_open_and_tab_walks_every_blank_in_order_each_in_sight(intake: Desk) -> None:
    page = intake.page
    page.evaluate(UNFOLD)
    names = page.locator(BLANKS).evaluate_all(REACHED)
    page.locator(BLANKS).first.focus()
    walked: list[str] = []
    while not page.evaluate("document.activeElement.matches('.bar *')"):
        name, seen = page.evaluate(f"() => [document.activeElement.name, ({IN_SIGHT})(document.activeElement)]")
        if name and name not in walked[-1:]:  # a date has several stops in it
            walked.append(name)
        assert seen, name
        assert page.locator(f"{SECTIONS}.open").count() == 1
        page.keyboard.press("Tab")
    assert walked == names
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(OPEN) == page.locator(SECTIONS).count() - 1


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_section_is_opened_by_its_line_and_both_buttons_that_save_stay_in_sight(
    intake: Desk, size: dict[str, int]
) -> None:
    intake.page.set_viewport_size(size)  # type: ignore[arg-type]
    heads = intake.page.locator(".opener").all()
    assert len(heads) > 2
    for n, head in enumerate(heads):
        head.click()
        assert intake.page.evaluate(OPEN) == n
        expect(head).to_have_attribute("aria-expanded", "true")
        expect(head).to_be_in_viewport()
        for label in ("Simpan", "Simpan dan naikkan"):
            expect(intake.page.get_by_role("button", name=label, exact=True)).to_be_in_viewport(ratio=1)


def test_a_line_says_what_is_in_its_section_and_what_is_wanted_but_never_a_nik_or_a_number(intake: Desk) -> None:
    assert [line(intake, name) for name in ("medium", "story", "evidence")] == [
        "wajib diisi",
        "wajib diisi",
        "boleh dikosongkan",
    ]
    intake.fill(medium="Telepon", pengadu__name="Budi", pengadu__nik=NIK, pengadu__phone=PHONE, story=STORY)
    assert "Budi" in line(intake, "pengadu-name")
    assert "1 perlu dilengkapi" in line(intake, "pengadu-nik")
    assert not {NIK, PHONE} & set(f"{line(intake, 'pengadu-name')} {line(intake, 'pengadu-nik')}".split())
    intake.fill(pengadu__address="Jl. Mawar 5", category="Belum dipilah", asks="Bantuan")
    intake.page.locator("[name=event_date]").focus()
    assert "lengkap" in line(intake, "pengadu-name").split()
    assert line(intake, "story").startswith(STORY[:40])


def test_danger_and_the_safe_way_stay_in_sight_whichever_section_is_open(intake: Desk) -> None:
    intake.fill(category="Kekerasan dalam rumah tangga (KDRT)", pengadu__safe_contact=SAFELY)
    intake.page.locator("[name=story]").focus()
    opened = intake.page.evaluate(OPEN)
    intake.page.get_by_label("Darurat").check()
    assert intake.page.evaluate(OPEN) == opened  # nothing had to be opened for it, and nothing was shut
    call = intake.page.locator(".call")
    assert call.bounding_box()["height"] > 0  # type: ignore[index]
    expect(call).to_contain_text("UPT Perlindungan Perempuan dan Anak")
    assert f"Cara menghubungi yang aman: {SAFELY}" in line(intake, "pengadu-name")


def test_what_was_refused_is_opened_with_the_focus_on_its_blank(intake: Desk) -> None:
    intake.fill(medium="Telepon", pengadu__name="Budi")
    intake.press("Simpan")
    expect(intake.page.locator("[name=story]")).to_be_focused()
    assert intake.page.locator("[name=story]").evaluate(IN_SIGHT)
    assert intake.error("category") == NO_CATEGORY
    assert "perlu diperbaiki" in line(intake, "story")


def test_a_draft_comes_back_at_the_blank_where_it_was_left(intake: Desk) -> None:
    intake.fill(medium="Telepon", story=STORY)
    intake.page.locator("[name=event_place]").focus()
    intake.page.get_by_text("Pihak yang diadukan, kerugian").click()
    intake.fill(accused="Tetangga")
    intake.page.reload()
    intake.page.get_by_role("button", name="Lanjutkan konsep").click()
    expect(intake.page.locator("[name=accused]")).to_be_focused()
    assert intake.page.locator("[name=accused]").evaluate(IN_SIGHT)


def test_a_word_that_is_found_in_what_is_folded_opens_it(intake: Desk) -> None:
    intake.open("/pengaduan/new/#:~:text=Klasifikasi%20pengaduan")
    expect(section(intake, "law_class")).to_have_class("card sheet stage open")


def test_on_paper_and_without_script_the_form_is_whole(intake: Desk, plain: Desk) -> None:
    intake.page.emulate_media(media="print")
    at_intake(plain)
    for desk in (intake, plain):
        desk.page.evaluate(UNFOLD)
        for part in desk.page.locator(SECTIONS).all():
            assert part.locator(":is(input, select, textarea)").first.evaluate(IN_SIGHT)
    assert plain.page.locator(".opener, .gist").count() == 0


def test_a_section_of_which_all_is_folded_is_laid_open_by_its_line(intake: Desk) -> None:
    for name in ("yang_bersangkutan-name", "kuasa-name"):
        assert line(intake, name) == "boleh dikosongkan"
        section(intake, name).locator(".opener").click()
        assert intake.page.locator(f"[name={name}]").evaluate(IN_SIGHT)
        intake.page.locator(f"[name={name}]").fill("Sutinah")
        assert "Sutinah" in section(intake, name).locator(".gist").text_content()  # type: ignore[operator]


def test_a_correction_is_the_same_form_in_sections(intake: Desk) -> None:
    intake.open("/pengaduan/")
    intake.page.locator("table.list tbody th a").first.click()
    number = intake.page.url.partition("id=")[2].partition("&")[0]
    intake.open(f"/pengaduan/langkah/correct/?id={number}")
    assert intake.page.locator(".opener").count() == intake.page.locator(SECTIONS).count() == 10
    assert intake.page.locator(".stage.open").count() == 1
