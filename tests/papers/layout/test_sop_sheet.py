"""The SOP's sheet on paper: every signed word, its lanes, the detours apart from it, KONSEP REVISI when it is due."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from papers.layout.glyphs import width
from papers.layout.sopsheet import dated, sop_sheet
from papers.printing.render import pdf
from sop.chart import chart, detours
from sop.procedure import HEAD, KEPALA_DINAS, LANES, ROWS, Head, Row, fingerprint, is_draft
from tests.papers.layout.test_sheets import millimetres
from tests.papers.reading import fonts, lines, pages, sizes, strokes, words

Place = tuple[float, float, float]
LABELS = (
    "NOMOR SOP",
    "TGL. PEMBUATAN",
    "TGL. REVISI",
    "TGL. EFEKTIF",
    "No. Revisi",
    "DISAHKAN OLEH",
    "NAMA SOP",
    "DASAR HUKUM :",
    "KUALIFIKASI PELAKSANA",
    "KETERKAITAN",
    "PERALATAN DAN PERLENGKAPAN :",
    "PERINGATAN",
    "PENCATATAN DAN PENDATAAN",
)
COLUMNS = ("NO", "KEGIATAN", "PELAKSANA", *LANES.values(), "MUTU BAKU", "Kelengkapan", "Waktu", "Output", "KET")
DRAFT = "KONSEP REVISI – belum disahkan"
CHANGED = (replace(ROWS[0], waktu="10 menit"), *ROWS[1:])
MORE = (*ROWS[:5], replace(ROWS[2], kegiatan="Bidang memantau hasil penanganan pengaduan"))
SIGNED = replace(HEAD, revision="1", revised="1 Desember 2026", signed_rows=fingerprint(CHANGED))


def printed(*, size: str = "F4", demo: bool = False, head: Head = HEAD, rows: tuple[Row, ...] = ROWS) -> bytes:
    return pdf(sop_sheet(size=size, demo=demo, head=head, rows=rows))


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return printed()


@pytest.fixture(scope="module")
def sheet_pages(sheet: bytes) -> list[str]:
    """The four pages without their blanks."""
    return [words(page) for page in pages(sheet)]


def head_words() -> list[str]:
    found: list[str] = []
    for value in vars(replace(HEAD, signed_rows="")).values():
        found += [value] if isinstance(value, str) else value
    return [value for value in found if value not in ("", "-")]


def test_it_is_four_pages_head_rows_and_detours(sheet_pages: list[str]) -> None:
    assert [page.count("NOMORSOP") for page in sheet_pages] == [1, 0, 0, 0]
    assert [page.count("KEGIATAN") for page in sheet_pages] == [0, 1, 0, 0]
    assert [words("Alur pengecualian dalam aplikasi – bukan bagian SOP") in page for page in sheet_pages] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("label", LABELS)
def test_every_field_of_the_head_stands_on_it_the_blank_ones_too(sheet_pages: list[str], label: str) -> None:
    assert words(label) in sheet_pages[0]


@pytest.mark.parametrize("value", head_words())
def test_every_word_of_the_head_is_printed_as_signed(sheet_pages: list[str], value: str) -> None:
    """A revision that nobody has signed yet names no signatory."""
    assert (words(value) in sheet_pages[0]) != (is_draft(HEAD) and value in SIGNATORY)


SIGNATORY = (HEAD.approved_name, HEAD.approved_nip, HEAD.approved_rank)


def test_the_signatory_is_named_in_the_head_only(sheet_pages: list[str]) -> None:
    for value in SIGNATORY:
        assert [words(value) in page for page in sheet_pages] == [not is_draft(HEAD), False, False, False]


@pytest.mark.parametrize("column", COLUMNS)
def test_the_table_has_the_columns_of_the_sheet(sheet_pages: list[str], column: str) -> None:
    assert words(column) in sheet_pages[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.waktu)
def test_every_signed_word_of_a_row_is_printed_slips_included(sheet_pages: list[str], row: Row) -> None:
    after = sheet_pages[1].partition(words(row.kegiatan))[2]
    assert after, row.kegiatan
    missing = [w for w in (*row.kelengkapan, row.waktu, *row.output, row.ket) if words(w) not in after]
    assert not missing


def test_it_says_that_the_copy_lost_its_symbols(sheet_pages: list[str]) -> None:
    assert words("Lambang alur tidak terbawa pada salinan SOP") in sheet_pages[1]


@pytest.mark.parametrize("way", detours(), ids=lambda way: way["label"])
def test_every_detour_is_on_one_of_the_last_pages_and_on_no_other(sheet_pages: list[str], way: dict[str, str]) -> None:
    [page] = [page for page in sheet_pages[2:] if words(way["help"]) in page]
    assert all(words(value) in page for value in way.values())
    assert words(way["help"]) not in sheet_pages[0] + sheet_pages[1]


def places(sheet: bytes) -> dict[str, float]:
    """Where the words of the second page begin, from the left."""
    found: dict[str, float] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: Any, size: float) -> None:
        if text.strip():
            found.setdefault(text.strip(), matrix[4] * ctm[0] + ctm[4])

    PdfReader(io.BytesIO(sheet)).pages[1].extract_text(visitor_text=hear)
    return found


def test_the_words_in_the_symbols_stand_in_their_lanes(sheet: bytes) -> None:
    x = places(sheet)
    headings = {lane: x.get(title, x.get(title.split()[0], 0)) for lane, title in LANES.items()}
    for symbol in (s for s in chart()[0] if s.word):
        assert list(LANES)[symbol.lane] == min(headings, key=lambda lane: abs(headings[lane] - x[symbol.word]))
    assert x["Mulai"] < x["Ya"] < headings[KEPALA_DINAS]  # left of the decision, on the way back to the Petugas


def test_it_lies_on_the_paper_of_the_office(sheet: bytes) -> None:
    for made, expected in ((sheet, (330, 215)), (printed(size="A4"), (297, 210))):
        assert {millimetres(made, page) for page in range(len(pages(made)))} == {expected}


def test_all_its_fonts_are_embedded_and_no_text_is_too_small(sheet: bytes) -> None:
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts(sheet))
    assert min(sizes(sheet)) >= 8  # the foot; everything else is 9 or more


@pytest.mark.parametrize(("size", "rows"), [("F4", CHANGED), ("A4", MORE)], ids=["changed", "sixth"])
def test_a_changed_row_or_a_sixth_one_is_konsep_revisi_on_every_page(size: str, rows: tuple[Row, ...]) -> None:
    texts = pages(printed(size=size, rows=rows, demo=True))
    assert len(texts) == 4
    assert all(DRAFT in page and "DATA CONTOH" in page for page in texts)
    assert words(rows[-1].kegiatan) in words(texts[1])


def test_the_signed_rows_are_no_draft_and_a_signed_revision_is_none(sheet_pages: list[str]) -> None:
    assert is_draft() == (words(DRAFT) in sheet_pages[0])
    revised = pages(printed(head=SIGNED, rows=CHANGED))
    assert not any(DRAFT in page for page in revised)
    assert "1 Desember 2026" in revised[0]
    assert "revisi 1" in revised[1]


def test_the_same_words_are_the_same_bytes(sheet: bytes) -> None:
    assert printed() == sheet


@pytest.mark.parametrize(
    ("made", "revised", "day"),
    [
        ("Juni 2023", "", "2023-06-01"),
        ("Juni 2023", "1 Desember 2026", "2026-12-01"),
        ("2023", "12/12/26", "2000-01-01"),
    ],
)
def test_it_bears_the_day_of_its_revision_or_its_making(made: str, revised: str, day: str) -> None:
    assert dated(replace(HEAD, made=made, revised=revised)).date().isoformat() == day


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_page_has_a_single_row_of_the_flow_chart_or_of_the_detours(size: str) -> None:
    for count in range(5, 16):
        rows = tuple(replace(ROWS[n % 5], kegiatan=f"Kegiatan ke-{n} dari SOP") for n in range(count))
        texts = [words(page) for page in pages(printed(size=size, rows=rows, demo=True))]
        for counted in (["Kegiatanke"], [words(way["help"]) for way in detours()]):
            on_pages = [sum(page.count(word) for word in counted) for page in texts]
            assert sum(on_pages) == (count if counted == ["Kegiatanke"] else len(counted))
            assert not {1} & set(on_pages), count
            full = [rows for rows in on_pages if rows]
            assert max(full) - min(full) <= (2 if counted == ["Kegiatanke"] else 4), "pages are about equally full"


def test_the_signed_sheet_and_its_draft_are_four_pages_on_both_sizes() -> None:
    for rows in (ROWS, CHANGED, MORE):
        assert [len(pages(printed(size=size, demo=True, rows=rows))) for size in ("F4", "A4")] == [4, 4]


def rules_and_texts(printed: bytes, page: int) -> tuple[list[tuple[float, float, float]], list[tuple[str, Place]]]:
    """The horizontals of a table (from, to, height), and the texts with left, height and size (pt)."""
    texts: list[tuple[str, Place]] = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: Any, size: float) -> None:
        if text.strip():
            at = (matrix[4] * ctm[0] + ctm[4], matrix[5] * ctm[3] + ctm[5], size * matrix[3] * ctm[3])
            texts.append((text.strip(), at))

    PdfReader(io.BytesIO(printed)).pages[page].extract_text(visitor_text=hear)
    level = [(a, b) for a, b in strokes(printed, page) if abs(a[1] - b[1]) < 0.1]
    return [(min(a[0], b[0]), max(a[0], b[0]), a[1]) for a, b in level], texts


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("rows", [ROWS, MORE], ids=["signed", "sixth"])
def test_text_stands_1_2_mm_clear_of_the_rules_over_and_under_it(rows: tuple[Row, ...], size: str) -> None:
    made, apart = printed(size=size, rows=rows), 0
    for page in (1, 2, 3):
        rules, texts = rules_and_texts(made, page)
        for text, (x, y, high) in texts:
            if high < 9 or text in ("Mulai", "Ya", "Selesai"):  # the foot, and in symbols
                continue
            above = [at for left, right, at in rules if left <= x <= right and at > y]
            below = [at for left, right, at in rules if left <= x <= right and at < y]
            if above and below:
                apart += 1
                assert min(above) - y - CAPITAL * high >= CLEAR, text
                assert y - DESCENT * high - max(below) >= CLEAR, text
    assert apart > 100


CAPITAL, DESCENT, CLEAR = 0.72, 0.21, 1.2 * 72 / 25.4


FILLING = ("f", "F", "f*", "B", "B*", "b", "b*")


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_heads_and_bands_are_grey_and_on_a_draft_nothing_is_filled_over_the_mark(size: str) -> None:
    """But the heads of arrows, which are black."""
    signed, draft = printed(size=size, head=SIGNED, rows=CHANGED), printed(size=size, rows=CHANGED)
    for number, heads in enumerate((SECTIONS, COLUMNS, "1234", "1234")):
        assert filled_grey(signed, number) >= len(heads)
        assert filled_grey(draft, number) == 0


SECTIONS = LABELS[7:]


def filled_grey(printed: bytes, number: int) -> int:
    """How often something is filled grey on a page."""
    filled, grey = 0, 0.0

    def hear(operator: bytes, operands: list[Any], ctm: list[float], _: list[float]) -> None:
        nonlocal grey, filled
        if operator in (b"g", b"rg"):
            grey = float(operands[0])
        filled += operator.decode() in FILLING and grey > 0

    PdfReader(io.BytesIO(printed)).pages[number].extract_text(visitor_operand_before=hear)
    return filled


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_dotted_lines_for_name_rank_and_nip_are_of_one_width(size: str) -> None:
    drawn = [line.text.strip() for line in lines(printed(size=size, rows=CHANGED))[0] if "………" in line.text]
    wide = [width(text, "LiberationSans-Regular") for text in drawn]
    assert len(wide) == 3
    assert max(wide) - min(wide) < 0.1, "em"


def test_no_detour_speaks_of_one_complaint_or_to_him_who_has_it_before_him() -> None:
    """They stand on the screen of a case and on a paper of none."""
    for way in detours():
        first, *others = re.findall(r"\w+", way["help"])
        assert first not in ("Ubah", "Hubungi", "Catat", "Pilih", "Periksa"), way["help"]
        assert not {"ini", "itu", "sekarang", "Anda"} & {first.lower(), *others}, way["help"]


def test_states_besides_all_that_are_open_are_told_apart_from_these() -> None:
    besides = {way["start"] for way in detours() if "juga" in way["start"]}
    assert besides == {"Semua yang belum selesai, juga Selesai dan Diteruskan"}
    assert not [way for way in detours() if way["start"].startswith("Semua yang belum selesai, Selesai")]


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_signatory_has_25_mm_for_his_hand(size: str) -> None:
    above = words(HEAD.approved_title)[-8:]
    first = lines(printed(size=size))[0]
    title = min(line.mm for line in first if words(line.text).endswith(above))
    named = "………" if is_draft(HEAD) else words(HEAD.approved_name)
    name = next(line.mm for line in first if words(line.text).startswith(named))
    assert title - name > 25 + LETTER


LETTER = 3  # mm: of the title what is below its line, of the name what is above


def test_a_revision_that_is_not_signed_names_nobody_who_signed_the_sop_before_it() -> None:
    draft, signed = (pages(printed(head=head, rows=CHANGED))[0] for head in (HEAD, SIGNED))
    for value in (HEAD.approved_name, HEAD.approved_nip, HEAD.approved_rank):
        assert words(value) not in words(draft)
        assert words(value) in words(signed)
    assert words(f"{'…' * 32} NIP. …………") in words(draft), "lines for name and rank"


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_state_of_the_detours_is_parted(size: str) -> None:
    last = "".join(pages(printed(size=size))[2:])
    for state in {way["to"] for way in detours()}:
        assert state in last


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_each_who_acts_is_named_once_over_his_detours(size: str) -> None:
    last = words("".join(pages(printed(size=size))[2:]))
    for actor in {way["actor"] for way in detours()}:
        his = [last.index(words(way["help"])) for way in detours() if way["actor"] == actor]
        others = [last.index(words(way["help"])) for way in detours() if way["actor"] != actor]
        over = max(at for at in range(min(his)) if last.startswith(words(actor), at))
        assert not [at for at in others if over < at < max(his)]


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_line_parts_the_number_of_the_register(size: str) -> None:
    read = "".join(pages(printed(size=size))[2:]).replace("\xa0", " ")
    assert "Nomor register tetap ada" in read
