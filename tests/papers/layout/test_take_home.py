"""What the pengadu takes home stands on half a sheet of the office's size, in letters as large as there is room for;
where promises are long, one at least goes along to the signature's page."""

import io
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, product
from typing import Any

import pytest
from pypdf import PdfReader

from bench.promised import LONGEST as OF_THREE_LINES
from bench.variants import NAME, POST, TITLE
from models.reading.promises import MOST_ON_A_SLIP, SLIP, SLIP_TITLE
from papers.layout import slips
from papers.layout.glyphs import face, width
from papers.printing.render import pdf
from tests.papers.contents import OFFICER, content
from tests.papers.layout.test_blank_form import LETTERHEAD
from tests.papers.reading import lines, pages, said, words

PHONE, CARETAKER = "(0341) 000000", "Petugas Penanganan Pengaduan"

LONGEST = "Kunjungan rumah oleh petugas bersama pendamping untuk memeriksa data kependudukan, ".ljust(160, "x")[:160]


def slip(
    count: int, what: str, size: str = "F4", *, caretakers: Sequence[str] = (CARETAKER,), **changes: Any
) -> dict[str, Any]:
    """A slip of so many promises, of which these caretakers see to one after the other."""
    receipt = content("tanda_terima", office={"size": size, "phone": PHONE, "address": "Jalan Contoh 1"})
    shared = {name: receipt[name] for name in ("format", "sop", "office", "demo")}
    days = zip(range(1, count + 1), cycle(caretakers))
    rows = [{"day": f"2026-12-{day:02}T00:00:00+07:00", "what": what, "caretaker": of} for day, of in days]
    paper = {**receipt["paper"], "key": SLIP, "title": SLIP_TITLE, "number": ""}
    return {
        **shared,
        "paper": paper,
        "register": "PGD/12/XI/2026",
        "kept_back": False,
        "printer": OFFICER,
        "rows": rows,
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


def size_of(words_of: str, printed: bytes) -> float:
    """The size of the letters in which these words first stand."""
    of = (line for page in lines(printed) for line in page if words(words_of) in words(line.text))
    return round(next(of).size, 1)


@SIZED
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_slip_of_ordinary_promises_stands_on_half_a_sheet(count: int, size: str, sheet: tuple[int, int]) -> None:
    [page] = PdfReader(io.BytesIO(pdf(slip(count, "Kunjungan rumah oleh petugas", size)))).pages
    assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == sheet


@SIZED
def test_a_promise_is_read_without_glasses_and_many_of_them_in_smaller_letters(
    size: str, sheet: tuple[int, int]
) -> None:
    what = "Kunjungan rumah oleh petugas"
    drawn = [size_of(what, pdf(slip(count, what, size))) for count in range(1, MOST_ON_A_SLIP + 1)]
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
    for part in (f"Yang menangani : {CARETAKER}", "Yang perlu dilengkapi : NIK; alamat", f"melalui telepon {PHONE}"):
        assert words(part) in text


@SIZED
def test_a_slip_says_who_sees_to_which_promise(size: str, sheet: tuple[int, int]) -> None:
    text = said(pdf(slip(4, "Kunjungan rumah", size, caretakers=[UNIT, CARETAKER, UNIT])))
    for part in ("3. Kamis, 3 Desember 2026 : Kunjungan", f"1, 3, dan 4 : {UNIT}", f"Yang menangani 2 : {CARETAKER}"):
        assert words(part) in text
    of_one = said(pdf(slip(2, "Kunjungan rumah", size, caretakers=[UNIT])))
    assert words(f"Rabu, 2 Desember 2026 : Kunjungan rumah Yang menangani : {UNIT}") in of_one


def test_the_slip_has_no_line_for_what_is_not_known() -> None:
    text = said(pdf(slip(1, "Kunjungan rumah", caretakers=[""], missing=[])))
    assert not [word for word in ("Yangmenangani", "dilengkapi") if word in text]


@SIZED
@pytest.mark.parametrize("secret", [False, True])
def test_a_slip_has_the_telephone_in_letterhead_and_sentence_alone(
    secret: bool, size: str, sheet: tuple[int, int]
) -> None:
    """On either size: a row of its own would stand on some slips and be missing on others."""
    for count in range(1, MOST_ON_A_SLIP + 1):
        text = said(pdf(slip(count, "Kunjungan rumah", size, kept_back=secret, missing=[])))
        assert text.count(words(PHONE)) == 2
        assert "Teleponkantor" not in text


NAMES = ["DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,", "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA"]


@SIZED
def test_the_slip_of_a_rahasia_case_is_rows_of_days(size: str, sheet: tuple[int, int]) -> None:
    printed = pdf(slip(2, "", size, kept_back=True, caretakers=[""], missing=[]))
    text = said(printed)
    opening = "Dinas akan memenuhi janjinya kepada pengadu pada tanggal berikut:"
    dates = "Tanggal janji : Selasa, 1 Desember 2026 Rabu, 2 Desember 2026"
    assert words(f"Nomor register: PGD/12/XI/2026 {opening} {dates}") in text
    assert size_of("Rabu, 2 Desember", printed) >= 12


@SIZED
def test_three_promises_of_two_caretakers_are_not_in_the_smallest_letters(size: str, sheet: tuple[int, int]) -> None:
    office = {**slip(1, "")["office"], "name": NAMES, "web": "Laman dinas.example.com – Surel pengaduan@example.com"}
    named = [CARETAKER, "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"]
    what = "Pemeriksaan kembali NIK anak pada data"
    printed = pdf(slip(3, what, size, office=office, caretakers=named, missing=[]))
    assert len(pages(printed)) == 1
    assert size_of(what, printed) >= 11
    standing = [line.text.strip() for line in lines(printed)[0]]
    assert any(line.endswith(CARETAKER) for line in standing), "each unit has a line of its own"


UNIT = "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"


@SIZED
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_slip_of_promises_of_one_line_is_one_sheet_whose_signers_title_keeps_its_line(
    count: int, size: str, sheet: tuple[int, int]
) -> None:
    office = {**slip(1, "")["office"], "name": NAMES, "web": CONTACT["web"]}
    what = "Pemeriksaan kembali NIK anak pada data"
    printed = pdf(slip(count, what, size, office=office, caretakers=[UNIT, CARETAKER], missing=[]))
    [page] = lines(printed)
    assert size_of(what, printed) >= 11
    assert any("PETUGAS PENANGANAN PENGADUAN," in line.text for line in page)
    if count <= {"F4": 6, "A4": 3}[size]:
        assert any(line.text.strip().endswith(UNIT) for line in page), "over the whole width"


@SIZED
def test_a_receipts_evidence_stands_in_the_table_over_the_signature(size: str, sheet: tuple[int, int]) -> None:
    office = {**LETTERHEAD, "size": size, "name": NAMES}
    case = {"attachments": PIECES[:1], "evidence": "Fotokopi KTP, KK, dan KKS."}
    printed = pdf(content("tanda_terima", office=office, complaint=case))
    [page] = lines(printed)
    evidence = next(line.mm for line in page if "foto-rumah-1.jpg" in line.text and "Bukti" in line.text)
    due = next(line.mm for line in page if "paling lambat" in line.text)
    assert next(line.mm for line in page if "PETUGAS" in line.text) < evidence < due
    assert size_of("Bukti yang diserahkan", printed) >= 10


@SIZED
@pytest.mark.parametrize("what", ["Kunjungan rumah", LONGEST])
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_each_of_two_sheets_says_of_how_many_it_is(count: int, what: str, size: str, sheet: tuple[int, int]) -> None:
    texts = [words(page) for page in pages(pdf(slip(count, what, size)))]
    assert len(texts) < 3
    for number, text in enumerate(texts, 1):
        assert (words(f"lembar {number} dari 2") in text) == (len(texts) == 2)


def test_two_of_six_long_promises_go_along_to_the_second_sheet() -> None:
    first, second = (words(page) for page in pages(pdf(slip(6, LONGEST))))
    assert first.count(words("Kunjungan rumah oleh petugas bersama")) == 4
    assert "dicetak" in first
    assert "dicetak" in second


@SIZED
@pytest.mark.parametrize("missing", [[], ["NIK"], ["NIK", "Alamat", "Telepon/WhatsApp", "Waktu kejadian"]])
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_slip_says_first_that_these_are_promises(
    count: int, missing: list[str], size: str, sheet: tuple[int, int]
) -> None:
    office = {**slip(1, "")["office"], **LETTERHEAD, **CONTACT, "name": NAMES, "size": size}
    what = "Pemeriksaan kembali NIK anak pada data"
    text = said(pdf(slip(count, what, size, office=office, caretakers=[UNIT, CARETAKER], missing=missing)))
    assert words("Yang dijanjikan kepada pengadu:") in text


@SIZED
def test_the_first_of_two_sheets_of_long_promises_is_filled(size: str, sheet: tuple[int, int]) -> None:
    office = {**slip(1, "")["office"], "name": NAMES, "web": CONTACT["web"]}
    printed = pdf(slip(6, OF_THREE_LINES, size, office=office, caretakers=[UNIT, CARETAKER], missing=[]))
    first, second = lines(printed)
    assert min(line.mm for line in first if line.size > FOOT) < slips.FOOT + 20
    assert len([line for line in second if "Desember" in line.text]) == 2


@SIZED
@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_no_day_of_a_slip_touches_its_colon(count: int, size: str, sheet: tuple[int, int]) -> None:
    drawn = list[tuple[float, float, float, str]]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, of: float) -> None:
        if text.strip():
            drawn.append((round(matrix[5] * ctm[3] + ctm[5], 1), matrix[4] * ctm[0] + ctm[4], of, text.strip()))

    PdfReader(io.BytesIO(pdf(slip(count, "Kunjungan", size)))).pages[0].extract_text(visitor_text=hear)
    days = [one for one in drawn if "Desember" in one[3]]
    assert len(days) == count
    for high, x, of, day in days:
        [colon] = [at for row, at, _, text in drawn if row == high and text == ":"]
        assert colon - x - width(day) * of > 6


@SIZED
@pytest.mark.parametrize("secret", [False, True])
def test_title_and_letterhead_of_a_receipt_have_one_axis(secret: bool, size: str, sheet: tuple[int, int]) -> None:
    printed, axes = receipt(size, is_secret=secret, mark="konsep"), set[float]()
    titles = ("PEMERINTAH KOTA MALANG", "TANDA TERIMA PENGADUAN", "Nomor register: PGD/12/XI/2026")

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, of: float) -> None:
        if text.strip() in titles:
            axes.add(round(matrix[4] * ctm[0] + ctm[4] + sum(map(bold, text.strip())) * of / 2))

    PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
    assert len(axes) == 1
    assert abs(axes.pop() - (sheet[0] + slips.LEFT - slips.RIGHT) / 2 * slips.PT) <= 1, "that of the text"


def bold(letter: str) -> float:
    return face("LiberationSans-Bold").charWidths[ord(letter)] / 1000


@SIZED
def test_no_letter_of_an_ordinary_receipt_is_larger_than_the_offices_name(size: str, sheet: tuple[int, int]) -> None:
    office = {**LETTERHEAD, "size": size, "name": NAMES}
    printed = pdf(content("tanda_terima", office=office))
    assert letters(printed) <= size_of(NAMES[0], printed)


@SIZED
def test_a_kuasa_leaves_the_evidence_among_the_rows_and_the_signature_below_them(
    size: str, sheet: tuple[int, int]
) -> None:
    persons = {"pengadu": {"name": "Yuni Astutik"}, "kuasa": {"name": "Dewi Lestari, S.H."}}
    case = {"attachments": PIECES[:1], "evidence": "Fotokopi KTP, KK, dan KKS."}
    office = {**LETTERHEAD, **CONTACT, "size": size, "name": NAMES}
    [page] = lines(pdf(content("tanda_terima", office=office, persons=persons, complaint=case)))
    evidence = next(line.mm for line in page if "foto-rumah-1.jpg" in line.text and "Bukti" in line.text)
    due = next(line.mm for line in page if "paling lambat" in line.text)
    assert next(line.mm for line in page if "PETUGAS" in line.text) < evidence < due


@SIZED
@pytest.mark.parametrize("mark", ["KONSEP", "BATAL"])
def test_the_mark_of_what_is_taken_home_is_not_cut_off_and_stands_clear_of_the_letterhead(
    mark: str, size: str, sheet: tuple[int, int]
) -> None:
    paper = {"draft": mark == "KONSEP", "void": mark == "BATAL"}
    receipt, promises = content("tanda_terima", office={"size": size}, paper=paper), slip(2, "Kunjungan", size)
    for frozen in (receipt, {**promises, "paper": {**promises["paper"], **paper}}):
        places = dict[str, float]()

        def hear(text: str, ctm: list[float], matrix: list[float], font: object, of: float) -> None:
            top = sheet[1] - (matrix[5] * ctm[3] + ctm[5] + of * _CAPITAL) / slips.PT
            places.setdefault(text.strip(), top)  # noqa: B023 - heard within this turn

        PdfReader(io.BytesIO(pdf(frozen))).pages[0].extract_text(visitor_text=hear)
        assert places[mark] >= 5
        assert places[receipt["office"]["government"].upper()] - places[mark] >= 12 * _CAPITAL / slips.PT + 2


_CAPITAL = 0.729  # em: the height of a capital letter


def test_where_all_rows_stand_beside_a_signature_it_ends_with_them_and_no_word_of_its_title_is_alone() -> None:
    registrar, office = {"name": NAME, "title": POST}, {**LETTERHEAD, "size": "A4", "name": NAMES}
    case = {"title": TITLE, "registrar": registrar, "attachments": PIECES[:1]}
    [page] = lines(pdf(content("tanda_terima", office=office, persons={"pengadu": {"name": NAME}}, complaint=case)))
    number = next(line.mm for line in page if "NIP." in line.text)
    assert abs(next(line.mm for line in page if "dipungut" in line.text) - number) < 1.5
    assert any("KOTA MALANG," in line.text for line in page)


def test_the_receipt_of_a_rahasia_case_says_what_was_received_and_names_the_officer_once() -> None:
    text = said(pdf(content("tanda_terima", complaint={"is_secret": True})))
    assert words("PGD/12/XI/2026 Telah diterima pengaduan dengan nomor register di atas.") in text
    assert text.count(words(OFFICER["name"])) == 1


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
@pytest.mark.parametrize("mark", ["", "konsep", "batal"])
def test_names_of_sixty_letters_and_a_long_post_leave_a_receipt_on_half_a_sheet(
    mark: str, size: str, sheet: tuple[int, int]
) -> None:
    office = {**LETTERHEAD, "size": size, "name": NAMES}
    paper, registrar = {"draft": mark == "konsep", "void": mark == "batal"}, {"name": NAME, "title": POST}
    case = {"title": TITLE, "registrar": registrar, "attachments": PIECES[:1]}
    printed = pdf(
        content("tanda_terima", office=office, paper=paper, persons={"pengadu": {"name": NAME}}, complaint=case)
    )
    assert len(pages(printed)) == 1
    assert letters(printed) >= 10


@SIZED
def test_nine_pieces_of_evidence_leave_a_receipt_on_half_a_sheet(size: str, sheet: tuple[int, int]) -> None:
    printed = receipt(size, pieces=9)
    assert len(pages(printed)) == 1
    assert letters(printed) >= 10


@SIZED
def test_the_offices_name_stands_larger_than_its_address(size: str, sheet: tuple[int, int]) -> None:
    office = {**LETTERHEAD, "size": size, "name": NAMES}
    for frozen in (content("tanda_terima", office=office), slip(2, "Kunjungan rumah", size, office=office)):
        frozen["office"] = {**content("tanda_terima")["office"], **office}
        printed = pdf(frozen)
        assert size_of(NAMES[0], printed) >= size_of(LETTERHEAD["address"], printed) + 1


@SIZED
def test_what_goes_on_behind_a_receipt_stands_clear_of_its_code(size: str, sheet: tuple[int, int]) -> None:
    printed, places = receipt(size, pieces=40, mark="batal"), list[tuple[float, float]]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip():
            places.append((matrix[4] * ctm[0] + ctm[4], matrix[5] * ctm[3] + ctm[5] + size * 0.72))

    _, second = PdfReader(io.BytesIO(printed)).pages
    second.extract_text(visitor_text=hear)
    lower = (sheet[1] - slips.CODE_TOP - slips.UNDER_CLEAR - slips.CODE_SIDE) * slips.PT
    body = [top for _, top in places if top < sheet[1] * slips.PT - 20 * slips.PT]
    assert body
    assert max(body) < lower


CONTACT = {"phone": "(0341) 000000", "web": "Laman dinas.example.com – Surel pengaduan@example.com"}


def test_a_sentence_names_through_what_the_office_is_reached() -> None:
    spoken = " melalui telepon (0341) 000000, laman dinas.example.com, atau surel pengaduan@example.com. Pe"
    for secret in (False, True):
        printed = pdf(content("tanda_terima", office=CONTACT, complaint={"is_secret": secret}))
        assert words(f"Petugas Penanganan Pengaduan{spoken}") in said(printed)
        assert words("Perkembangan pengaduan dapat ditanyakan") in said(printed)


def test_a_receipt_says_in_rows_through_what_it_came_and_who_speaks_for_the_pengadu() -> None:
    persons = {"pengadu": {"name": "Yuni Astutik"}, "kuasa": {"name": "Dewi Lestari, S.H."}}
    text = said(pdf(content("tanda_terima", persons=persons)))
    both = "Pengadu : Yuni Astutik melalui kuasanya, Dewi Lestari, S.H. Perihal"
    for row in ("pukul 09.10 WIB Melalui : Datang langsung Pengadu", both):
        assert words(row) in text
    assert words("Dewi Lestari") not in said(
        pdf(content("tanda_terima", persons=persons, complaint={"is_secret": True}))
    )


@SIZED
def test_a_receipt_says_what_to_complete_with_whom_and_no_second_date(size: str, sheet: tuple[int, int]) -> None:
    lacks = ["NIK", "Alamat"]
    text = said(receipt(size, missing=lacks))
    row = "Yang perlu dilengkapi : NIK; alamat – mohon segera disampaikan kepada petugas"
    assert words(row) in text
    assert text.count(words("paling lambat")) == 1
    assert "dilengkapi" not in said(receipt(size, missing=lacks, is_secret=True))


@SIZED
def test_the_receipt_of_a_rahasia_case_says_where_to_ask_for_its_deadline_which_it_does_not_tell(
    size: str, sheet: tuple[int, int]
) -> None:
    text = said(receipt(size, is_secret=True))
    assert words("Batas waktu penyelesaian pengaduan dapat ditanyakan dengan cara yang sama.") in text
    assert "Desember" not in text


@SIZED
def test_an_ordinary_receipt_is_read_in_letters_of_eleven(size: str, sheet: tuple[int, int]) -> None:
    """Also with a kuasa, on the half sheet of either size; with what is to be completed in those of ten and a half."""
    office = {**LETTERHEAD, **CONTACT, "size": size, "name": NAMES}
    for persons, case in (({}, {}), ({"kuasa": {"name": "Dewi Lestari, S.H."}}, {}), ({}, {"missing": ["NIK"]})):
        evidence = {"attachments": PIECES[:1], "evidence": "Fotokopi KTP, KK, dan KKS."}
        printed = pdf(content("tanda_terima", office=office, persons=persons, complaint={**evidence, **case}))
        assert len(pages(printed)) == 1
        assert letters(printed) >= (10.5 if case else 11)


def test_evidence_is_named_in_one_kind_of_letters_wherever_it_stands() -> None:
    for persons in ({}, {"kuasa": {"name": "Dewi Lestari, S.H."}}):
        office = {**LETTERHEAD, **CONTACT, "size": "A4", "name": NAMES}
        evidence = {"attachments": PIECES[:1], "evidence": "Fotokopi KTP, KK, dan KKS."}
        drawn, printed = set[str](), pdf(content("tanda_terima", office=office, persons=persons, complaint=evidence))

        def hear(text: str, ctm: list[float], matrix: list[float], font: Any, of: float) -> None:
            if "Bukti yang diserahkan" in text:
                drawn.add(font["/BaseFont"].partition("+")[2])  # noqa: B023 - heard within this turn

        PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
        assert drawn == {"LiberationSans"}


def test_a_draft_of_a_receipt_has_the_register_number_of_its_foot() -> None:
    text = said(pdf(content("tanda_terima", paper={"draft": True, "number": ""})))
    assert text.count("PGD/12/XI/2026") == 2
    assert "…" not in text.partition("Perihal")[0].partition("TANDATERIMA")[2]


@SIZED
def test_the_second_page_of_a_receipt_says_whose_it_is_and_the_first_is_filled(
    size: str, sheet: tuple[int, int]
) -> None:
    for texts in (receipt(size, pieces=40), receipt(size, full=True, pieces=40)):
        first, second = lines(texts)
        assert words("TANDA TERIMA PENGADUAN PGD/12/XI/2026 (lanjutan)") in words(
            " ".join(line.text for line in second)
        )
        below = float(PdfReader(io.BytesIO(texts)).pages[0].mediabox.height) / slips.PT - sheet[1]  # cut off
        assert min(line.mm for line in first if line.size > FOOT + 0.5) <= below + slips.FOOT + 16


@SIZED
def test_six_long_promises_stand_in_large_letters_under_a_head_on_their_second_page(
    size: str, sheet: tuple[int, int]
) -> None:
    printed = pdf(slip(MOST_ON_A_SLIP, LONGEST, size))
    first, second = lines(printed)
    assert min(line.size for line in (*first, *second) if "Kunjungan rumah" in line.text) > 10
    [head] = [line for line in second if "(lanjutan)" in line.text]
    assert words(head.text) == words("SLIP JANJI PGD/12/XI/2026, lembar 2 dari 2 (lanjutan)")
    assert sheet[1] - max(line.mm for line in second if line != head) < 28  # mm: where text begins below a code


@SIZED
def test_colons_of_a_slip_stand_on_one_axis_and_its_signature_is_not_smaller_than_the_text_beside(
    size: str, sheet: tuple[int, int]
) -> None:
    printed, colons = pdf(slip(2, "Kunjungan rumah", size)), set[float]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip() == ":":
            colons.add(round(matrix[4] * ctm[0] + ctm[4]))

    PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
    assert len(colons) == 1
    assert size_of("NIP.", printed) == size_of("Perkembangan pengaduan", printed)
