"""By clicking: a LAPOR! file read, a refused row mended, published, opened, undone; from a month to its case."""

import re
from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import expect

from models.complaint.complaint import Complaint
from models.store.base import now
from sop.clock import WIB
from tests.browser.window import Desk
from tests.made_lapor import making

FEW, ODD = 12, 5  # rows of the file; the row with an unreadable day
DAY, TIME = (making.HEADS.index(head) for head in ("Tanggal Laporan Masuk", "Waktu Laporan Masuk"))
SECRET = making.HEADS.index("Tipe Laporan (Anonim/Rahasia)")


def workbook_of_few() -> bytes:
    """As the export has it, all of it for everybody's eyes, and one day that is none."""
    made = [_with_cells(row, {SECRET: ""}) for row in making.made_rows(FEW, seed=5)]
    made[ODD] = _with_cells(made[ODD], {DAY: "kemarin", TIME: ""})
    return making.workbook(made)


def _with_cells(row: making.MadeRow, instead: dict[int, str]) -> making.MadeRow:
    return replace(row, cells=tuple(instead.get(place, cell) for place, cell in enumerate(row.cells)))


def test_a_file_is_read_mended_published_opened_and_taken_back(desk: Desk) -> None:
    desk.sign_in("petugas").open("/pengaduan/")
    desk.page.locator("summary", has_text="Tindakan lain").click()
    desk.press("Impor", within="main")
    desk.page.locator("#berkas").set_input_files(
        {"name": "lapor.xlsx", "mimeType": "application/octet-stream", "buffer": workbook_of_few()}
    )
    desk.press("Baca berkas")
    desk.follow("Ditolak 1")
    assert "Tanggalnya tidak terbaca" in desk.text("table.list")
    desk.press("Perbaiki", within="table.list")
    assert "Tertulis: “kemarin”" in desk.text()
    yesterday = now().astimezone(WIB) - timedelta(days=1)
    desk.fill(diterima=f"{yesterday:%Y-%m-%dT10:00}")
    desk.press("Simpan", within="form.sheet")
    assert "Ditolak" not in desk.text("nav[aria-label=Putusan]")
    _press_and_confirm(desk, "Masukkan")
    desk.page.wait_for_selector("text=Hasil pemasukan")
    assert f"{FEW} baris dibaca: {FEW} menjadi pengaduan" in desk.text("main")
    desk.open("/pengaduan/")
    desk.page.locator("#cari").fill(f"{8_000_000 + ODD}")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**search=**")
    desk.page.locator("table.list tbody tr th a").first.click()
    expect(desk.page.locator("main")).to_contain_text(f"Pengaduan SP4N-LAPOR! {8_000_000 + ODD} diterima")
    desk.open("/pengaduan/impor/")
    desk.follow("lapor.xlsx")
    _press_and_confirm(desk, "Batalkan impor")
    desk.page.wait_for_selector("p.lead:has-text('· dibatalkan')")
    with desk.panel.its_database():
        states = {state for (state,) in Complaint.select(Complaint.state).where(Complaint.imported).tuples()}
    assert states == {"voided"}


def _press_and_confirm(desk: Desk, label: str) -> None:
    desk.press(label, within="main")
    desk.press(label, within="dialog[open]")


def test_who_leads_goes_from_a_month_to_its_list_and_to_a_case(desk: Desk) -> None:
    desk.sign_in("kadis").open("/pimpinan/")
    desk.page.emulate_media(media="print")
    assert desk.page.locator("svg.chart .tick text").first.is_visible()
    desk.page.emulate_media(media="screen")
    figure = desk.page.locator("table.figure-table td.num a").last
    figure.locator("xpath=ancestor::details/summary").click()
    count = int(re.sub(r"\D", "", figure.inner_text()))
    figure.click()
    expect(desk.page.locator("table.list tbody tr")).to_have_count(count)
    desk.page.locator("table.list tbody tr th a").first.click()
    expect(desk.page.locator("ol.trail")).to_have_count(1)
