"""Sheets, slips and marks: sizes, cutting lines, KONSEP and BATAL behind the text, every variant printed."""

import io

import pytest
from pypdf import PdfReader

from bench.variants import EVERYWHERE, variants
from models.tables.paper import Paper, PaperVoid
from papers.printing import press
from papers.printing.render import pdf
from sop.flow import PAPERS
from tests.office import Office
from tests.papers.contents import content
from tests.papers.reading import fonts, pages, said, words

KINDS = pytest.mark.parametrize("kind", PAPERS)


def millimetres(printed: bytes, page: int = 0) -> tuple[int, int]:
    box = PdfReader(io.BytesIO(printed)).pages[page].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


@pytest.mark.parametrize(
    ("paper", "size", "expected"),
    [("half", "F4", (215, 165)), ("half", "A4", (215, 165)), ("full", "F4", (215, 330)), ("full", "A4", (210, 297))],
)
def test_the_disposition_has_half_a_sheet_or_the_upper_part_of_one(
    paper: str, size: str, expected: tuple[int, int]
) -> None:
    printed = pdf(content("lembar_disposisi", office={"disposition": paper, "size": size}))
    assert millimetres(printed) == expected
    assert len(pages(printed)) == 1
    assert ("potongdisini" in said(printed)) == (paper == "full")


def test_a_disposition_from_before_there_was_a_choice_still_prints() -> None:
    told = content("lembar_disposisi")
    del told["office"]["disposition"]
    assert millimetres(pdf(told)) == (215, 165)


def test_a_long_note_goes_on_a_second_slip_and_the_first_says_so() -> None:
    note = "Mohon dikunjungi dan dilaporkan. " * 40
    first, second = pages(pdf(content("lembar_disposisi", records={"disposition": {"blanks": {"note": note}}})))
    assert "(lihat lembar lanjutan)" in first
    assert words(note) in words(second)


def test_the_form_ends_with_the_receipt_below_a_cutting_line() -> None:
    text = said(pdf(content("form_pengaduan")))
    receipt = text.split("potongdisini")[1]
    assert receipt.startswith("TANDATERIMAPENGADUANNomor:PGD/12/XI/2026")
    assert "BantuanPKHlansiaterhenti" in receipt


def test_the_receipt_below_a_rahasia_form_says_number_date_and_officer_only() -> None:
    receipt = said(pdf(content("form_pengaduan", complaint={"is_secret": True}))).split("potongdisini")[1]
    assert all(word in receipt for word in ("PGD/12/XI/2026", "23November2026", "RinaWulandari"))
    assert not any(word in receipt for word in ("Bantuan", "Slamet", "Datanglangsung"))


@KINDS
def test_every_page_of_a_rahasia_case_says_so_but_for_what_the_pengadu_takes_home(kind: str) -> None:
    text = "Catatan panjang yang memerlukan lembar kedua.\n" * 90
    blanks = {"disposition": "note", "assessment": "facts", "nota_dinas": "matter", "berita_acara": "told"}
    printed = pages(
        pdf(
            content(
                kind,
                complaint={"story": text, "is_secret": True},
                records={key: {"blanks": {name: text}} for key, name in blanks.items()},
            )
        )
    )
    assert {"RAHASIA" in page for page in printed} == {kind != "tanda_terima"}
    assert "RAHASIA" not in said(pdf(content(kind)))


def test_the_receipt_that_is_torn_off_does_not_say_that_the_case_is_rahasia() -> None:
    told = pages(pdf(content("form_pengaduan", complaint={"is_secret": True})))
    assert "RAHASIA" not in told[-1].split("potong di sini")[1]
    assert "RAHASIA –" not in "".join(told)  # the foot, which is torn off with it


@pytest.mark.parametrize("mark", ["konsep", "batal"])
@KINDS
def test_a_mark_lies_behind_the_text_of_every_page(kind: str, mark: str) -> None:
    told = content(kind, paper={"draft": mark == "konsep", "void": mark == "batal"})
    printed = pdf(told)
    for page in PdfReader(io.BytesIO(printed)).pages:
        assert mark.upper() in page.extract_text()
        drawn = page.get_contents().get_data()
        assert drawn.index(b" Do") < drawn.rindex(b"BT")  # the picture first, then the text
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts(printed))
    assert mark.upper() not in said(pdf(content(kind)))


def test_a_paper_that_was_void_before_it_was_printed_bears_batal_and_a_printed_one_stays(office: Office) -> None:
    office.receive()
    early, late = Paper.select().order_by(Paper.id)
    before = press.pdf_of(early.id)
    for paper in (early, late):
        PaperVoid.create(paper=paper, reason="salah catat", by=office["petugas"], at=office.tick())
    assert press.pdf_of(early.id) == before
    assert "BATAL" not in said(before)
    assert "BATAL" in said(press.pdf_of(late.id))


@KINDS
def test_every_variant_that_is_shown_can_be_printed(kind: str) -> None:
    shown = dict(variants(kind, content(kind)))
    assert set(shown) >= {*EVERYWHERE, "plh", "panjang", "panjang-a4"}
    assert shown["anonim"]["complaint"]["anonymous"]
    assert shown["rahasia"]["complaint"]["is_secret"]
    assert all(pdf(one).startswith(b"%PDF") for one in shown.values())
