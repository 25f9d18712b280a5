"""What the pengadu takes home stands on half a sheet of the office's size, in letters as large as there is room for;
where promises are long, one at least goes along to the signature's page."""

import io
from collections import Counter
from itertools import product
from typing import Any

import pytest
from pypdf import PdfReader

from bench.variants import TITLE
from models.reading.promises import MOST_ON_A_SLIP, SLIP, SLIP_TITLE
from papers.layout import slips
from papers.printing.render import pdf
from tests.papers.contents import OFFICER, content
from tests.papers.layout.test_blank_form import LETTERHEAD
from tests.papers.reading import pages, said, words

PHONE, CARETAKER = "(0341) 000000", "Petugas Penanganan Pengaduan"

LONGEST = "Kunjungan rumah oleh petugas bersama pendamping untuk memeriksa data kependudukan, ".ljust(160, "x")[:160]


def slip(count: int, what: str, size: str = "F4", **changes: Any) -> dict[str, Any]:
    receipt = content("tanda_terima", office={"size": size, "phone": PHONE, "address": "Jalan Contoh 1"})
    shared = {name: receipt[name] for name in ("format", "sop", "office", "demo")}
    rows = [{"day": f"2026-12-{day:02}T00:00:00+07:00", "what": what} for day in range(1, count + 1)]
    paper = {**receipt["paper"], "key": SLIP, "title": SLIP_TITLE, "number": ""}
    return {
        **shared,
        "paper": paper,
        "register": "PGD/12/XI/2026",
        "kept_back": False,
        "printer": OFFICER,
        "rows": rows,
        "caretakers": [CARETAKER],
        "missing": ["NIK", "Alamat"],
        **changes,
    }


SIZED = pytest.mark.parametrize(("size", "sheet"), [("F4", (215, 165)), ("A4", (210, 148))])
FOOT = 9.0  # pt: letters up to this size are those of the foot


def letters(printed: bytes) -> float:
    """The size of most of the letters on the first page, without those of its foot."""
    counted = Counter[float]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        counted[round(size * matrix[3] * ctm[3], 1)] += len(text.strip())

    PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
    return max((size for size in counted if size > FOOT), key=lambda size: counted[size])


@SIZED
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_slip_of_ordinary_promises_stands_on_half_a_sheet(count: int, size: str, sheet: tuple[int, int]) -> None:
    [page] = PdfReader(io.BytesIO(pdf(slip(count, "Kunjungan rumah oleh petugas", size)))).pages
    assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == sheet


@SIZED
def test_a_promise_is_read_without_glasses_and_many_of_them_in_smaller_letters(
    size: str, sheet: tuple[int, int]
) -> None:
    drawn = [letters(pdf(slip(count, "Kunjungan rumah oleh petugas", size))) for count in range(1, MOST_ON_A_SLIP + 1)]
    assert drawn == sorted(drawn, reverse=True)
    assert drawn[0] >= {"F4": 13, "A4": 11.5}[size]
    assert min(drawn) >= 10


@SIZED
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_promise_goes_along_to_the_page_of_the_signature(count: int, size: str, sheet: tuple[int, int]) -> None:
    texts = [words(page) for page in pages(pdf(slip(count, LONGEST, size)))]
    [signed] = [text for text in texts if words(OFFICER["name"]) in text]
    assert words("Kunjungan rumah oleh petugas bersama") in signed
    assert sum(text.count(words("Kunjungan rumah oleh petugas bersama")) for text in texts) == count


def test_a_slip_says_who_sees_to_the_promise_what_is_needed_and_which_number_to_call() -> None:
    text = said(pdf(slip(1, "Kunjungan rumah")))
    for part in (f"Yang memeriksa : {CARETAKER}", "Yang perlu dilengkapi : NIK; Alamat", f"Telepon kantor : {PHONE}"):
        assert words(part) in text


def test_the_slip_has_no_line_for_what_is_not_known() -> None:
    office = {**slip(1, "")["office"], "phone": ""}
    text = said(pdf(slip(1, "Kunjungan rumah", caretakers=[], missing=[], office=office)))
    assert not [word for word in ("Yangmemeriksa", "dilengkapi", "Teleponkantor") if word in text]


PIECES = [{"name": f"foto-rumah-{n}.jpg", "place": "", "sha256": "0" * 64} for n in range(1, 41)]


def receipt(size: str, *, full: bool = False, mark: str = "", pieces: int = 2, **case: Any) -> bytes:
    office = {**LETTERHEAD, "size": size, "disposition": "full" if full else "half"}
    paper = {"draft": mark == "konsep", "void": mark == "batal"}
    return pdf(content("tanda_terima", office=office, paper=paper, complaint={"attachments": PIECES[:pieces], **case}))


@SIZED
@pytest.mark.parametrize("mark", ["", "konsep", "batal"])
@pytest.mark.parametrize("case", [{}, {"is_secret": True}, {"title": TITLE}, {"missing": ["NIK", "Alamat"]}])
def test_an_ordinary_receipt_stands_on_half_a_sheet(
    case: dict[str, Any], mark: str, size: str, sheet: tuple[int, int]
) -> None:
    for full, pieces in product((False, True), range(4)):
        printed = receipt(size, full=full, mark=mark, pieces=pieces, **case)
        assert len(pages(printed)) == 1
        assert letters(printed) >= (12 if case.get("is_secret") else 10)


@SIZED
def test_what_goes_on_behind_a_receipt_stands_clear_of_its_code(size: str, sheet: tuple[int, int]) -> None:
    printed, places = receipt(size, pieces=40, mark="batal"), list[tuple[float, float]]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip():
            places.append((matrix[4] * ctm[0] + ctm[4], matrix[5] * ctm[3] + ctm[5] + size * 0.72))

    _, second = PdfReader(io.BytesIO(printed)).pages
    second.extract_text(visitor_text=hear)
    lower = (sheet[1] - slips.CODE_TOP - slips.UNDER_LINE - slips.CODE_SIDE) * slips.PT
    body = [top for _, top in places if top < sheet[1] * slips.PT - 20 * slips.PT]
    assert body
    assert max(body) < lower
