"""The verification code on papers: read back from a picture of every page, in its place, on none that is not issued."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest
import segno
from pypdf import PageObject, PdfReader
from reportlab.lib.units import mm

from bench.variants import variants
from models.complaint.codes import code_groups
from models.complaint.paper import CODE, code_part
from papers.layout.screen import sheet
from papers.layout.slips import CODE_LOW, CODE_SIDE, CODE_TOP
from papers.layout.sopsheet import sop_sheet
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.papers import contents
from tests.papers.contents import content
from tests.papers.layout.test_ruled import ROW, book
from tests.papers.reading import codes, pages, said, words

GROUPS = "7K3M-9Q2X-0VBT-5R8W-JZ4C-N6HY-AD"
LOOSE: dict[str, Callable[[], Any]] = {
    "lembar_sop": lambda: {**sop_sheet(size="F4", demo=True), "code": contents.CODE},
    "buku_register": lambda: {**book([ROW] * 40), "code": contents.CODE},
}
MODULES = segno.make(contents.CODE["qr"], error="m", micro=False).symbol_size(border=0)[0]
KINDS = pytest.mark.parametrize("kind", vocabulary().papers)


def drawn(page: PageObject) -> tuple[float, float]:
    """Where the QR code's lower left corner stands: left and from below (mm)."""
    corners: list[tuple[float, float]] = []

    def hear(operator: bytes, operands: list[Any], ctm: list[float], matrix: list[float]) -> None:
        if operator == b"re" and abs(ctm[0] - CODE_SIDE * mm / MODULES) < 0.001:  # drawn in units of a module
            x, y = float(operands[0]), float(operands[1])
            corners.append((ctm[4] + ctm[0] * x, ctm[5] + ctm[3] * y))

    page.extract_text(visitor_operand_before=hear)
    return min(x for x, _ in corners) / mm, min(y for _, y in corners) / mm


@pytest.mark.parametrize("size", ["F4", "A4"])
@KINDS
def test_every_page_of_a_paper_says_its_code_to_a_telephone_and_to_a_reader(kind: str, size: str) -> None:
    printed = pdf(content(kind, office={"size": size}))
    assert codes(printed) == [[contents.CODE["qr"]]] * len(pages(printed))
    assert all(f"Kode verifikasi {GROUPS}" in " ".join(page.split()) for page in pages(printed))


@pytest.mark.parametrize("kind", LOOSE)
def test_so_does_every_page_of_what_is_about_no_single_case(kind: str) -> None:
    printed = pdf(LOOSE[kind]())
    assert codes(printed) == [[contents.CODE["qr"]]] * len(pages(printed))
    assert all(f"Kode verifikasi {GROUPS}" in " ".join(page.split()) for page in pages(printed))


@pytest.mark.parametrize("address", ["", "https://a.example/?k=", f"https://{'p' * 40}.example/cek"])
def test_any_code_is_read_at_the_coarsest_scan_whatever_stands_before_it(address: str) -> None:
    for _ in range(4):
        code = code_part(address)
        assert codes(pdf(content("tanda_terima", code=code))) == [[code["qr"]]]
        assert code["qr"].endswith(f"{'' if not address or address.endswith('=') else '/'}{code['text']}")


def test_no_two_codes_are_alike_and_each_has_128_bits() -> None:
    made = {code_part("")["text"] for _ in range(500)}
    assert len(made) == 500
    assert {len(code) for code in made} == {CODE}
    assert {code[0] for code in made} == set("01234567")  # two of the 130 bits are none


def test_the_groups_are_of_four() -> None:
    assert code_groups(contents.CODE["text"]) == GROUPS


@pytest.mark.parametrize(
    ("kind", "right"), [("nota_dinas", 20), ("form_pengaduan", 20), ("lembar_disposisi", 15), ("lembar_sop", 15)]
)
def test_it_is_twenty_millimetres_wide_and_ends_where_the_text_ends(kind: str, right: float) -> None:
    printed = pdf(LOOSE[kind]() if kind in LOOSE else content(kind))
    for page in PdfReader(io.BytesIO(printed)).pages:
        wide = float(page.mediabox.width) / mm
        left, low = drawn(page)
        below = float(page.mediabox.height) / mm - CODE_TOP - CODE_SIDE if kind == "lembar_disposisi" else CODE_LOW
        assert (round(wide - right - left, 1), round(low - below, 1)) == (CODE_SIDE, 0)


def every_variant() -> Iterator[Any]:
    for kind in vocabulary().papers:
        for name, frozen in variants(kind, content(kind)):
            if not frozen["paper"]["draft"]:
                yield pytest.param({**frozen, "code": contents.CODE}, id=f"{kind}-{name}")


@pytest.mark.parametrize("frozen", [*every_variant()])
def test_no_letter_stands_on_it(frozen: dict[str, Any]) -> None:
    printed = pdf(frozen)
    document = pypdfium2.PdfDocument(printed)
    for page, read in zip(document, PdfReader(io.BytesIO(printed)).pages, strict=True):
        left, low = (edge * mm for edge in drawn(read))
        text = page.get_textpage().get_text_bounded(left, low, left + CODE_SIDE * mm, low + CODE_SIDE * mm)
        assert text.strip() == ""
    document.close()


@KINDS
def test_a_draft_and_what_is_drawn_beside_a_form_have_none(kind: str) -> None:
    frozen = content(kind, paper={"draft": True})
    printed = pdf(frozen)
    assert codes(printed) == [[]] * len(pages(printed))
    assert "Kodeverifikasi" not in said(printed)
    assert "Kode verifikasi" not in sheet(frozen, emblem="")


@KINDS
def test_a_paper_of_before_there_were_codes_has_none(kind: str) -> None:
    frozen = content(kind)
    del frozen["code"]
    printed = pdf(frozen)
    assert codes(printed) == [[]] * len(pages(printed))
    assert "Kodeverifikasi" not in said(printed)


@KINDS
def test_the_same_content_gives_the_same_bytes(kind: str) -> None:
    assert pdf(content(kind)) == pdf(content(kind))


@pytest.mark.parametrize("kind", ["nota_dinas", "form_pengaduan", "lembar_disposisi"])
def test_the_foot_has_room_for_a_long_name_of_the_sop_and_the_word_of_the_demo(kind: str) -> None:
    name = "PELAYANAN PENANGANAN PENGADUAN MASYARAKAT " * (1 if kind == "lembar_disposisi" else 3)
    frozen = content(kind, demo=True, complaint={"is_secret": True}, paper={"round": 2})
    frozen["sop"] = {**frozen["sop"], "name": name.strip(), "revision": "3"}
    for page in pages(pdf(frozen)):
        assert all(words(part) in words(page) for part in (name, GROUPS, "DATA CONTOH"))
