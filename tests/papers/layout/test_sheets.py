"""Sheets, slips and marks: sizes, what goes home, cutting lines, KONSEP and BATAL, every variant printed."""

import io
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from bench.variants import EVERYWHERE, TITLE, variants
from models.case.content_parts import copies_of
from models.complaint.paper import Paper, PaperVoid
from papers.layout.screen import sheet
from papers.printing import press
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.office import Office
from tests.papers.contents import STORY, content
from tests.papers.layout.test_blank_form import LETTERHEAD, form
from tests.papers.reading import flow, fonts, pages, said, sizes, strokes, words

KINDS = pytest.mark.parametrize("kind", vocabulary().papers)


def millimetres(printed: bytes, page: int = 0) -> tuple[int, int]:
    box = PdfReader(io.BytesIO(printed)).pages[page].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


@pytest.mark.parametrize(
    ("paper", "size", "expected"),
    [("half", "F4", (215, 165)), ("half", "A4", (210, 148)), ("full", "F4", (215, 330)), ("full", "A4", (210, 297))],
)
def test_the_disposition_has_half_a_sheet_or_the_upper_part_of_one(
    paper: str, size: str, expected: tuple[int, int]
) -> None:
    printed = pdf(content("lembar_disposisi", office={"disposition": paper, "size": size}))
    assert millimetres(printed) == expected
    assert len(pages(printed)) == 1
    assert ("potongdisini" in said(printed)) == (paper == "full")


SLIPS = ("lembar_disposisi", "tanda_terima", "kutipan_berita_acara")


@pytest.mark.parametrize(("size", "expected"), [("F4", (215, 165)), ("A4", (210, 148))])
def test_each_slip_is_half_a_sheet_of_the_offices_own_size(size: str, expected: tuple[int, int]) -> None:
    assert {millimetres(pdf(content(kind, office={"size": size}))) for kind in SLIPS} == {expected}
    blank = pdf({**form(size), "office": {**form(size)["office"], "disposition": "half"}})
    assert millimetres(blank, page=-1) == expected


@pytest.mark.parametrize(("size", "half"), [("F4", 165.0), ("A4", 148.5)])
@pytest.mark.parametrize("kind", SLIPS)
def test_a_full_sheet_is_cut_at_its_half(kind: str, size: str, half: float) -> None:
    printed = pdf(content(kind, office={"size": size, "disposition": "full"}))
    level = [a[1] / 72 * 25.4 for a, b in strokes(printed) if abs(a[1] - b[1]) < 0.1]
    assert min(level) == pytest.approx(half, abs=0.2)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_slips_of_earlier_formats_stay_halves_of_f4(number: int) -> None:
    frozen = {**content("lembar_disposisi", office={"size": "A4"}), "format": number}
    assert millimetres(pdf(frozen)) == (215, 165)


def test_a_disposition_from_before_there_was_a_choice_still_prints() -> None:
    frozen = content("lembar_disposisi")
    del frozen["office"]["disposition"]
    assert millimetres(pdf(frozen)) == (215, 165)


def _size_of(word: str, page: PageObject) -> float:
    """The largest letters in which a page says it."""
    sizes: list[float] = []

    def hear(text: str, transform: Any, matrix: list[float], font: Any, size: float) -> None:
        if word in text:
            sizes.append(round(size * matrix[3], 2))

    page.extract_text(visitor_text=hear)
    return max(sizes, default=0)


@KINDS
def test_every_page_of_a_rahasia_case_says_so_but_for_what_the_pengadu_takes_home(kind: str) -> None:
    text = "Catatan panjang yang memerlukan lembar kedua.\n" * 90
    blanks = {"disposition": "note", "assessment": "facts", "nota_dinas": "matter", "berita_acara": "told"}
    made = pdf(
        content(
            kind,
            complaint={"story": text, "is_secret": True},
            records={key: {"blanks": {name: text}} for key, name in blanks.items()},
        )
    )
    printed = pages(made)
    home = ("TANDA TERIMA", "sengaja dikosongkan", "KUTIPAN")
    stays = [page for page in printed if not any(word in page for word in home)]
    assert all("RAHASIA" in page for page in stays)
    assert not any("RAHASIA" in page for page in printed if page not in stays)
    assert bool(stays) == (not vocabulary().papers[kind].side)
    for page, text in zip(PdfReader(io.BytesIO(made)).pages, printed, strict=True):
        assert text not in stays or _size_of("RAHASIA", page) >= 12
    assert "RAHASIA" not in said(pdf(content(kind)))


@pytest.mark.parametrize("mark", ["konsep", "batal"])
@KINDS
def test_a_mark_lies_behind_the_text_of_every_page(kind: str, mark: str) -> None:
    frozen = content(kind, paper={"draft": mark == "konsep", "void": mark == "batal"})
    printed = pdf(frozen)
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


# The Form stays on one sheet in the office; the slip that the pengadu takes home is half a sheet

SIZES = pytest.mark.parametrize("size", ["F4", "A4"])
PIECES = [
    {"name": "kartu-pkh.jpg", "place": "", "sha256": "0" * 64},
    {"name": "Rekaman CCTV", "place": "Lemari arsip, rak 2", "sha256": ""},
]
ORDINARY = {"medium": "Datang langsung ke loket pengaduan", "medium_ref": "A-020", "attachments": PIECES}
SENTENCE = "Bantuan berhenti tanpa pemberitahuan sejak Januari. "


@SIZES
@pytest.mark.parametrize("case", [{}, {"is_secret": True}, {"missing": ["NIK", "Telepon/WhatsApp", "Alamat"]}])
def test_an_ordinary_form_has_one_page(size: str, case: dict[str, Any]) -> None:
    frozen = content("form_pengaduan", complaint={**ORDINARY, **case}, office={**LETTERHEAD, "size": size})
    [page] = pages(pdf(frozen))
    assert all(words(part) in words(page) for part in (STORY, "A-020", "2. Rekaman CCTV", "NIP. 19880412"))


@SIZES
def test_a_form_of_the_longest_story_is_printed_whole_and_signed_below_its_last_words(size: str) -> None:
    *others, last = pages(pdf(content("form_pengaduan", complaint={"story": SENTENCE * 260}, office={"size": size})))
    assert others
    assert words("".join(map(flow, [*others, last]))).count(words(SENTENCE)) == 260
    evidence = "Bukti yang diserahkan. Kartu PKH, foto rumah."
    assert words(f"{evidence} D. Pernyataan Pengadu menyatakan") in words(last)


def test_no_page_of_a_form_leaves_the_office_and_that_of_a_rahasia_case_is_printed_once() -> None:
    """The pengadu gets the Tanda Terima; nobody's copy of the Form is to be printed."""
    secret = content("form_pengaduan", complaint={"is_secret": True})
    assert copies_of(secret) == copies_of(content("form_pengaduan")) == 1
    printed = pages(pdf(secret))
    assert not any("TANDA TERIMA" in page or "sengaja dikosongkan" in page for page in printed)
    assert all("RAHASIA" in page for page in printed)


@pytest.mark.parametrize("paper", ["half", "full"])
@SIZES
def test_the_receipt_is_half_a_sheet_with_what_was_received_and_nothing_more_of_the_form(size: str, paper: str) -> None:
    office = {**LETTERHEAD, "size": size, "disposition": paper}
    printed = pdf(content("tanda_terima", complaint={"title": TITLE, "attachments": PIECES}, office=office))
    [receipt] = map(words, pages(printed))
    sheets = {"F4": ((215, 165), (215, 330)), "A4": ((210, 148), (210, 297))}[size]
    assert millimetres(printed) == sheets[paper == "full"]
    assert ("potongdisini" in receipt) == (paper == "full")
    assert words(TITLE) in receipt
    assert words("TANDA TERIMA PENGADUAN Nomor register: PGD/12/XI/2026") in receipt
    assert not any(typed in receipt for typed in ("9973041203800001", "0812", "Sugiono", words(STORY[:40])))


def test_a_receipt_of_many_pieces_goes_on_overleaf_and_no_signature_stands_alone() -> None:
    pieces = [{"name": f"foto rumah nomor {n}.jpg", "place": "", "sha256": ""} for n in range(1, 41)]
    sheets = pages(pdf(content("tanda_terima", complaint={"attachments": pieces, "evidence": ""})))
    whole, last = words("".join(map(flow, sheets))), words(sheets[1])
    assert all(words(f"{n}. foto rumah nomor {n}.jpg") in whole for n in range(1, 41))
    assert words("foto rumah nomor 40.jpg.") in last
    assert "RinaWulandari" in last


def test_the_receipt_of_a_rahasia_case_says_how_one_asks_and_that_only_the_pengadu_is_told() -> None:
    receipt = said(pdf(content("tanda_terima", complaint={"is_secret": True, "attachments": PIECES})))
    assert words("dengan menyebut nomor register di atas kepada Petugas") in receipt
    assert words("Petugas hanya menjawab pengadu sendiri atau kuasanya") in receipt
    ordinary = said(pdf(content("tanda_terima")))
    assert words("hanya menjawab") not in ordinary


@SIZES
def test_the_slip_of_the_blank_form_begins_a_sheet_and_nothing_is_on_its_back(size: str) -> None:
    texts = pages(pdf(form(size)))
    assert ["TANDA TERIMA" in page for page in texts] == [False, False, True]


def test_what_a_box_stands_for_is_said_below_its_text() -> None:
    legend, typed = words("▯ = huruf yang tidak dapat dicetak"), {"story": "Ini \U0010ffff huruf."}
    [page] = map(words, pages(pdf(content("form_pengaduan", complaint=typed))))
    assert page.index("▯") < page.index(legend) < page.index("D.Pernyataan")
    assert legend not in said(pdf(content("tanda_terima", complaint=typed)))
    assert legend in said(pdf(content("tanda_terima", complaint={"title": "Ini \U0010ffff judul"})))


@pytest.mark.parametrize("kind", ["nota_dinas", "berkas_asesmen", "berita_acara"])
def test_what_a_box_stands_for_is_said_before_the_signatures(kind: str) -> None:
    blanks = {"assessment": "facts", "nota_dinas": "matter", "berita_acara": "told"}
    box = {key: {"blanks": {name: "Ini \U0010ffff huruf."}} for key, name in blanks.items()}
    text = said(pdf(content(kind, records=box)))
    assert text.count(words("▯ = huruf yang tidak dapat dicetak")) == 1
    assert text.index("▯huruf") < text.index("▯=") < text.index("Demikian")


def test_a_preview_has_no_sheets() -> None:
    preview = sheet({**content("form_pengaduan"), "emblem": ""}, emblem="/lambang.jpg")
    assert "FORM PENGADUAN" in preview
    assert "<sop:" not in preview
    assert "<pdf:" not in preview


MINE = ("berita_acara", "form_pengaduan", "tanda_terima")


@pytest.mark.parametrize("kind", MINE)
def test_text_has_ten_points_but_for_the_foot(kind: str) -> None:
    drawn = sizes(pdf(content(kind, complaint={"story": "Ini \U0010ffff huruf."})))
    assert min(drawn) == 8
    assert not [size for size in drawn if 8 < size < 10]


@pytest.mark.parametrize(("kind", "title"), [("berita_acara", "PIHAK PERTAMA,"), ("tanda_terima", "PENGADUAN,")])
def test_there_are_25_mm_to_sign_in(kind: str, title: str) -> None:
    heights: dict[str, list[float]] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        heights.setdefault(text.strip().split(" ")[-1], []).append(matrix[5] * ctm[3] + ctm[5])

    for page in PdfReader(io.BytesIO(pdf(content(kind)))).pages:
        page.extract_text(visitor_text=hear)
    below = [heights[title.split()[-1]][-1] - height for height in heights["Wulandari"]]
    assert min(room for room in below if room > 0) > 25 / 25.4 * 72
