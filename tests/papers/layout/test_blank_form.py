"""The blank Form Pengaduan: two pages and a receipt, all that the panel asks for, room to write, no row parted."""

from typing import Any

import pytest

from models.case.clocks import CASE_CLOCKS
from papers.layout.page import html
from papers.printing.render import pdf
from tests.papers.layout.test_lists import made
from tests.papers.reading import pages, words

LETTERHEAD = {
    "address": "Jalan Contoh Sejahtera Nomor 1",
    "phone": "(0341) 000000",
    "postcode": "00000",
    "web": "Laman dinas.example.com – Surel pengaduan@example.com",
}
GROUPS, CLOCKS = ["Langsung", "Media online", "Lainnya"], [clock.name for clock in CASE_CLOCKS]
SIZES = pytest.mark.parametrize("size", ["F4", "A4"])


def form(size: str) -> dict[str, Any]:
    frozen = made("formulir_kosong", "Form Pengaduan", size=size, groups=GROUPS, clocks=CLOCKS)
    return {**frozen, "office": {**frozen["office"], **LETTERHEAD}}


@SIZES
def test_it_has_two_pages_and_a_receipt_and_asks_for_all_that_the_panel_asks_for(size: str) -> None:
    first, second, receipt = map(words, pages(pdf(form(size))))
    officer, others = first.split("B.Pengadu")
    assert "Kategori:" in officer
    assert "Sifat:☐Biasa☐Segera☐Sangatsegera" in officer
    pengadu, subject = others.split("Yangbersangkutan")
    assert all(label in part for part in (pengadu, subject) for label in ("Nama:", "NIK:", "Usia:", "Kelompokrentan:"))
    assert all(f"{label}:" in receipt for label in ("Perihal", "Yangperludilengkapi", "Jawabanpalinglambat"))
    assert all(f"☐{name.replace(' ', '')}" in receipt for name in CLOCKS), "whose clock the date is of"
    assert [page.count("NIP.……") for page in (second, receipt)] == [1, 1]


@SIZES
def test_it_leaves_at_least_sixteen_lines_for_what_happened(size: str) -> None:
    story = html(form(size)).split("<h2>Uraian kejadian</h2>")[1].split("<h2>")[0]
    assert story.count('class="line"') >= 16


@SIZES
def test_no_page_parts_a_label_from_its_line(size: str) -> None:
    tables = html(form(size)).split('<table class="dots">')[1:]
    assert {table.split("</table>")[0].count("<tr>") for table in tables} == {1}
