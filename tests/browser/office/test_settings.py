"""A setting in a real browser: papers follow the typing, a sample opens in another tab, what is broken is reported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.window import NARROW, WIDE, Desk

OPENING = "/pengaturan/new/?key=wording.nota_dinas.opening"


@pytest.fixture
def plain(panel, chromium: Browser) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    """A window in which no script runs."""
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False, locale="id-ID")
    yield Desk.opened(panel, context)
    context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
def test_the_paper_follows_the_typing_and_says_what_is_wrong(desk: Desk, width: dict[str, int]) -> None:
    desk.sign_in("admin").page.set_viewport_size(width)
    desk.open(OPENING)
    desk.fill(value="Sehubungan dengan <i>aduan</i> {nomor}:")
    expect(desk.page.locator(".naskah:visible")).to_contain_text("Sehubungan dengan <i>aduan</i> PGD/12/")
    desk.fill(value="Sehubungan dengan aduan {nomr}:")
    expect(desk.page.locator("[data-sheets-note]:visible")).to_contain_text("mungkin maksudnya {nomor}")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ROW = """() => {
  const strip = document.querySelector('.strip'), box = strip.getBoundingClientRect();
  const tabs = [...strip.querySelectorAll('label')].map((tab) => tab.getBoundingClientRect());
  const whole = tabs.map((tab) => tab.left >= box.left - 1 && tab.right <= box.right + 1);
  return {rows: new Set(tabs.map((tab) => tab.bottom)).size, lowest: Math.min(...tabs.map((tab) => tab.height)), whole};
}"""


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
def test_the_tabs_stand_in_one_row_and_the_one_in_use_is_in_sight(desk: Desk, width: dict[str, int]) -> None:
    desk.sign_in("admin").page.set_viewport_size(width)
    desk.open("/pengaturan/new/?key=paper.size")
    row = desk.page.evaluate(ROW)
    assert (row["rows"], row["lowest"] >= 44, len(row["whole"])) == (1, True, 8)
    desk.page.locator("[name=tampil]").first.focus()
    desk.page.keyboard.press("ArrowLeft")
    expect(desk.page.locator(".naskah:visible")).to_have_attribute("data-sheet", "formulir_kosong")
    assert desk.page.evaluate(ROW)["whole"][-1]
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_sample_opens_in_another_tab_and_the_form_can_still_be_saved(desk: Desk) -> None:
    desk.sign_in("admin").open(OPENING)
    desk.fill(value="Atas pengaduan {nomor} kami sampaikan:")
    expect(desk.page.locator(".naskah:visible")).to_contain_text("Atas pengaduan PGD/12/")
    with desk.page.context.expect_page() as opened:
        desk.page.locator(".samples button").first.click()
    opened.value.close()
    desk.press("Simpan")
    desk.open("/pengaturan/kalimat/nota_dinas/")
    assert "Atas pengaduan {nomor} kami sampaikan:" in desk.page.locator("main").inner_text()


def test_without_script_what_is_wrong_comes_back_with_what_was_typed(plain: Desk, tmp_path: Path) -> None:
    plain.sign_in("admin").open(OPENING)
    plain.fill(value="{% for i in range(10**9) %}")
    plain.press("Simpan")
    assert "adalah perintah, bukan kalimat" in plain.page.locator(".error").inner_text()
    assert plain.page.locator("[name=value]").input_value() == "{% for i in range(10**9) %}"
    (tmp_path / "besar.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * (20 << 20))
    plain.open("/pengaturan/new/?key=office.emblem")
    plain.page.locator("[name=value]").set_input_files(tmp_path / "besar.png")
    plain.press("Simpan")
    assert "Kiriman terlalu besar" in plain.page.locator("h1").inner_text()


def test_who_may_stand_in_follows_the_post_that_is_picked(desk: Desk) -> None:
    desk.sign_in("admin").page.set_viewport_size(NARROW)
    desk.open("/plt/new/")
    offered, head = (
        desk.page.locator("select[name=user]"),
        "Anindya Paramastuti, S.Psi., M.Si. · Penata Tingkat I (III/d)",
    )
    expect(offered).to_contain_text(head)
    expect(offered).not_to_contain_text("Harsono Wibisana")
    offered.select_option(label=next(one for one in offered.locator("option").all_inner_texts() if head in one))
    desk.page.locator("select[name=division]").select_option(label="UPT Perlindungan Perempuan dan Anak")
    expect(offered).to_contain_text("Harsono Wibisana")
    expect(offered).not_to_contain_text(head)
    expect(offered).to_have_value("")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
