"""The foot of every paper: the SOP, the number and the moment, the code; the same words in the same places on all."""

import re
from typing import Any

import pytest

from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import content
from tests.papers.layout.test_codes import GROUPS, LOOSE
from tests.papers.reading import pages

SOP = "SOP Nomor 01/SKT/2023 PELAYANAN PENANGANAN PENGADUAN"
OUTSIDE = "Keterangan aplikasi – bukan bagian"  # of the SOP, whose number follows
EXAMPLE, CODE = "DATA CONTOH – bukan dokumen dinas", f"Kode verifikasi {GROUPS}"
MOMENT = r"\d{1,2} [A-Z][a-z]+ \d{4} pukul \d\d\.\d\d WIB"
KINDS = pytest.mark.parametrize("kind", [*vocabulary().papers, "buku_register"])
SIZES = pytest.mark.parametrize("size", ["F4", "A4"])


def feet(frozen: dict[str, Any]) -> list[list[str]]:
    """The lines of each page as they are drawn, from the first of its foot on."""
    drawn = [[line.strip() for line in page.splitlines()] for page in pages(pdf(frozen))]
    firsts = ("SOP Nomor", f"{OUTSIDE} SOP Nomor")
    return [page[page.index(next(line for line in page if line.startswith(firsts))) :] for page in drawn]


def frozen(kind: str, size: str, **changes: Any) -> dict[str, Any]:
    if kind not in LOOSE:
        return content(kind, office={"size": size}, **changes)
    loose = LOOSE[kind]()
    return {**loose, "office": {**loose["office"], "size": size}, **changes}


@SIZES
@KINDS
def test_the_sop_then_the_number_and_the_moment_then_the_code(kind: str, size: str) -> None:
    for demo in (True, False):
        for sop, numbered, coded, *_ in feet(frozen(kind, size, demo=demo)):
            assert sop.startswith(SOP)
            assert re.fullmatch(rf"\S.* – (terbit|disusun) {MOMENT}", numbered)
            assert coded == (f"{EXAMPLE}. {CODE}" if demo else CODE)


@SIZES
@KINDS
def test_what_is_rahasia_says_so_before_the_number(kind: str, size: str) -> None:
    secret = {"secret": True} if kind in LOOSE else {"complaint": {"is_secret": True}}
    marked = [numbered.startswith("RAHASIA – ") for _, numbered, *_ in feet(frozen(kind, size, **secret))]
    goes_home = kind in ("tanda_terima", "kutipan_berita_acara")
    assert marked == [not goes_home] * len(marked)


def test_a_draft_says_at_the_same_place_that_it_is_an_example() -> None:
    draft = content("nota_dinas", demo=True, paper={"draft": True, "number": ""})
    for _, numbered, example, *_ in feet(draft):
        assert " – disusun " in numbered
        assert example == EXAMPLE


def test_the_sheet_of_the_sop_has_its_number_once_and_no_date_of_another_kind() -> None:
    said = [(sop, coded) for sop, coded, *_ in feet(LOOSE["lembar_sop"]())]
    outside = [place >= len(said) - 2 for place in range(len(said))]  # the pages of the detours
    assert said == [(f"{OUTSIDE} {SOP}" if apart else SOP, f"{EXAMPLE}. {CODE}") for apart in outside]
