"""Found by clicking: by half a name, a phone, a typo; what comes twice is caught; all that is found is raised."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from models.complaint.complaint import Complaint
from models.office.lists import Category, Medium
from models.office.people import User
from models.records.detours import Supplement
from models.store.base import now
from models.workflow import intake
from sop.vocabulary import vocabulary
from tests.browser.looks.looked import Looker
from tests.browser.served import Served
from tests.browser.window import Desk

MANY, MARK = 214, "Jalan rusak Cempokomulyo"
NAME, PHONE, STORY = (
    "Suprihatin Wulansari",
    "0812-0000-4477",
    "Kartu sembako ibu mertua ditolak agen dekat pasar sejak bulan Juli, saldonya selalu tertulis nol rupiah.",
)


@pytest.fixture(scope="module")
def known(panel: Served) -> str:
    """A complaint whose pengadu one remembers by half; its number."""
    with panel.its_database():
        [case] = _received(STORY, {"name": NAME, "phone": PHONE})
        return str(Complaint.get_by_id(case).number)


def _received(story: str, pengadu: dict[str, str], **data: str) -> list[int]:
    typed = {
        "medium": Medium.get(code="loket").id,
        "category": Category.get(code="bansos_tidak_terima").id,
        "story": story,
        **data,
    }
    by, opened = User.get(username="petugas"), now() - timedelta(minutes=3)
    outcome = intake.receive(by=by, data=typed, persons={"pengadu": pengadu}, opened_at=opened)
    assert not outcome.refused
    return outcome.done


@pytest.mark.parametrize("typed", ["wulansa", "+62 812 0000 4477", "sembkao mertua"])
def test_who_knows_half_of_it_finds_the_case_from_any_page(desk: Desk, known: str, typed: str) -> None:
    desk.sign_in("petugas").open("/sop/")
    desk.page.keyboard.press("/")
    desk.page.keyboard.type(typed)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/pengaduan/details/**")
    assert known in desk.text()
    assert NAME in desk.text()


def test_what_comes_twice_is_caught_while_it_is_typed_and_joins_the_first(desk: Desk, known: str) -> None:
    desk.sign_in("petugas").open("/pengaduan/new/")
    with desk.panel.its_database():
        before = Complaint.select().count()
    desk.fill(story=f"Kata ibu Sri: {STORY.lower()}")
    desk.page.keyboard.press("Tab")
    warning = desk.page.locator("[data-likely]").filter(has_text=known)
    expect(warning).to_contain_text("Mungkin sudah pernah masuk")
    warning.get_by_role("button", name="Tambahkan sebagai keterangan").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(vocabulary().transitions["supplement"].label)
    assert STORY.lower() in desk.value("statement")
    desk.press(vocabulary().transitions["supplement"].last_button, within="form.sheet")
    desk.page.wait_for_url("**/details/**")
    assert known in desk.text("h1, .lead, main")
    with desk.panel.its_database():
        assert Complaint.select().count() == before
        assert STORY.lower() in Supplement.select().order_by(Supplement.id.desc()).get().statement


@pytest.fixture(scope="module")
def many(panel: Served) -> None:
    """More complaints about one matter than stand on a page."""
    with panel.its_database():
        for place in range(MANY):
            _received(f"Lubang ke-{place + 1} di depan balai RW.", {"name": f"Warga {place + 1}"}, title=MARK)


def test_all_that_is_found_goes_out_as_a_workbook_with_true_dates(desk: Desk, many: None, tmp_path: Path) -> None:
    searched(desk)
    desk.page.locator("summary", has_text="Tindakan lain").click()
    with desk.page.expect_download() as fetched:
        desk.page.get_by_role("link", name=re.compile("XLSX")).first.click()
    fetched.value.save_as(tmp_path / "daftar.xlsx")
    head, *rows = CalamineWorkbook.from_path(str(tmp_path / "daftar.xlsx")).get_sheet_by_index(0).to_python()
    received = head.index("Diterima pada")
    assert len([row for row in rows if MARK in row]) == MANY
    assert {type(row[received]).__name__ for row in rows if MARK in row} == {"datetime"}


def test_a_list_of_numbers_of_three_figures_cuts_none_of_them(desk: Desk, many: None) -> None:
    searched(desk)
    assert Looker(desk).here()[0] == []


def test_all_that_is_found_is_chosen_and_raised_at_once(desk: Desk, many: None) -> None:
    searched(desk)
    desk.page.locator("[data-all]").check()
    desk.press(f"Pilih semua {MANY} hasil")
    assert desk.text("h1") == f"{MANY} pengaduan dipilih"
    desk.press(f"Naikkan ke Kepala Dinas ({MANY})")
    assert desk.text("h1") == f"Naikkan ke Kepala Dinas · {MANY} pengaduan"
    desk.press(f"Naikkan ke Kepala Dinas ({MANY})", within="form.sheet")
    assert desk.text("h1") == f"Naikkan ke Kepala Dinas: {MANY} pengaduan selesai diproses"
    with desk.panel.its_database():
        states = {c.state for c in Complaint.select().where(Complaint.title == MARK)}
    assert states == {vocabulary().transitions["dispose"].key}


def searched(desk: Desk) -> None:
    desk.sign_in("petugas").open("/pengaduan/")
    desk.page.locator("#cari").fill(MARK)
    desk.page.locator("#cari").press("Enter")
    desk.page.wait_for_url("**search=**")
