"""Kutipan Berita Acara: what the pengadu of a rahasia case takes home tells whoever reads it nothing of the matter."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from bench.variants import NAME, POST
from models.records.main_line import WITHOUT_RECEIVER
from papers.printing.render import pdf
from tests.papers.contents import HEAD, STAFF, STORY, UNIT_HEAD, UNITS, content, person
from tests.papers.reading import lines, pages, said, words

KIND = "kutipan_berita_acara"


def kutipan(**changes: Any) -> dict[str, Any]:
    kuasa = person(kind="Kuasa", name="Dewi Lestari, S.H.")
    return content(KIND, complaint={"is_secret": True}, persons={"kuasa": kuasa}, **changes)


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("outcome", ["diterima", "keberatan", *sorted(WITHOUT_RECEIVER)])
def test_it_says_number_date_officer_and_that_the_handling_is_done(outcome: str, size: str) -> None:
    records = {"berita_acara": {"codes": {"outcome": outcome}, "moments": {"told_at": "2026-11-21T09:45:00+07:00"}}}
    text = said(pdf(kutipan(records=records, office={"size": size})))
    assert words("Nomor register PGD/12/XI/2026 Tanggal Berita Acara 21 November 2026 Petugas Rina Wulandari") in text
    assert words("Penanganan atas nomor register tersebut telah selesai") in text
    assert (words("hasilnya telah disampaikan") in text) == (outcome not in WITHOUT_RECEIVER)


def test_it_is_an_excerpt_that_an_officer_certifies_and_says_where_the_original_is() -> None:
    text = said(pdf(kutipan()))
    assert words("KUTIPAN BERITA ACARA PENYELESAIAN PENANGANAN PENGADUAN") in text
    place, post = "Malang, 24 November 2026", "PETUGAS PENANGANAN PENGADUAN, Rina Wulandari"
    certified = f"{place} Dikutip dari Berita Acara yang asli {post}"
    assert words(certified) in text
    assert words("Berita Acara yang asli disimpan di kantor.") in text
    assert words("Petugas hanya menjawab pengadu sendiri atau kuasanya") in text


@pytest.mark.parametrize("name", [NAME, "Rina Wulandari"])
def test_it_has_room_on_half_a_sheet_of_a4(name: str) -> None:
    """Of 148 mm, whose foot begins 17 mm above the lower edge."""
    office = {"web": "Laman dinsos.example.com", "phone": "(0341) 1", "size": "A4"}
    printed = pdf(kutipan(signer={"name": name}, office=office))
    high = float(PdfReader(io.BytesIO(printed)).pages[0].mediabox.height) * 25.4 / 72
    [page] = lines(printed)
    assert high - min(line.mm for line in page) < 148 - 17


def test_it_names_neither_matter_nor_person_nor_unit() -> None:
    frozen = kutipan()
    matter, told = frozen["complaint"], frozen["records"]["berita_acara"]["blanks"]
    signed = {"signer": {"title": STAFF["title"]}}
    text = said(pdf(kutipan(**signed))).lower()
    secrets = [matter["title"], matter["category"], matter["medium"], told["told"], told["place"], "RAHASIA"]
    secrets += [who["name"] for who in frozen["persons"].values()] + [
        STORY[:30],
        *UNITS,
        HEAD["name"],
        UNIT_HEAD["name"],
    ]
    secrets += [number["text"] for series, number in frozen["numbers"].items() if series != "register"]
    assert [secret for secret in secrets if words(secret).lower() in text] == []


@pytest.mark.parametrize("paper", ["half", "full"])
def test_it_stands_on_half_a_sheet(paper: str) -> None:
    frozen = kutipan(signer={"name": NAME, "title": POST}, office={"disposition": paper})
    assert len(pages(pdf(frozen))) == 1
    assert ("potongdisini" in said(pdf(frozen))) == (paper == "full")
