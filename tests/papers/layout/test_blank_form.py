"""The blank Form Pengaduan: one page and a slip, all that the panel asks for, room to write, no row parted."""

from typing import Any

import pytest

from models.case.clocks import CASE_CLOCKS
from models.complaint.complaint import Complaint, Person
from models.store.base import labels_of
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
def test_it_has_one_page_and_a_receipt_and_asks_for_all_that_the_panel_asks_for(size: str) -> None:
    first, back, receipt = map(words, pages(pdf(form(size))))
    officer, others = first.split("B.Pengadu")
    assert "Kategori:" in officer
    assert "Sifat:☐Biasa☐Segera☐Sangatsegera" in officer
    pengadu, subject = others.split("Yangbersangkutan(")
    assert all(label in part for part in (pengadu, subject) for label in ("Nama:", "NIK:", "Usia:", "Kelompokrentan:"))
    assert all(f"{words(label)}:" in first for label in ASKED)
    assert all(f"{label}:" in receipt for label in ("Perihal", "Buktiyangdiserahkan", "Jawabanpalinglambat"))
    assert all(f"☐{name.replace(' ', '')}" in receipt for name in CLOCKS), "whose clock the date is of"
    assert [page.count("NIP.……") for page in (first, back, receipt)] == [1, 0, 1]
    assert "PENGADU," in first


ASKED = [
    *(labels_of(Person)[name] for name in ("relation", "address", "domicile", "phone", "email", "job", "safe_contact")),
    *(labels_of(Complaint)[name] for name in ("title", "event_date", "event_place", "accused", "loss")),
    "Identitas dirahasiakan",
    "Bukti yang diserahkan",
]


@SIZES
def test_it_has_a_box_for_each_digit_of_a_nik(size: str) -> None:
    rows = [part.split("</table>")[0] for part in html(form(size)).split('<table class="dots">')]
    assert [row.count('class="digit"') for row in rows if ">NIK<" in row] == [16, 16]


@SIZES
def test_it_leaves_at_least_sixteen_lines_for_what_happened_and_five_of_them_on_its_front(size: str) -> None:
    parts = html(form(size)).split("Uraian kejadian")[1:]
    front, back = (part.split("<h2>")[0].count('class="line"') for part in parts)
    assert front >= 5
    assert front + back >= 16


def test_with_the_longest_statement_the_slip_still_begins_a_sheet() -> None:
    texts = pages(pdf({**form("A4"), "wording": {"form_pengaduan.statement": "Pernyataan yang panjang. " * 24}}))
    assert "TANDA TERIMA" in texts[-1]
    assert len(texts) % 2 == 1


@SIZES
def test_no_page_parts_a_label_from_its_line(size: str) -> None:
    tables = html(form(size)).split('<table class="dots">')[1:]
    assert {table.split("</table>")[0].count("<tr>") for table in tables} == {1}
