"""Ruled sheets: every word of thousands of rows, within its column, at a size that can be read, fonts embedded."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.units import mm

from models.reading import registerbook
from models.reading.registerbook import COLUMNS
from papers.layout import ruled_tables
from papers.layout.glyphs import MISSING, width
from papers.printing.render import pdf
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.papers.contents import content
from tests.papers.reading import fonts, pages, sizes, words
from tests.patience import cpu_within

ROW = [
    "1",
    "PGD/1/X/2026",
    "5 Okt 2026",
    "Siti Maslikah",
    "Loket",
    "Bantuan tidak diterima",
    "Bansos",
    "Rehsos",
    "Selesai",
    "6 Okt 2026",
    "400.9/1/35.73.403/2026\n400.9/1/BA/35.73.403/2026",
    "",
]
DATA = Path(registerbook.__file__).parents[1] / "data"


def named(file: str, *within: str) -> list[str]:
    names = json.loads((DATA / f"{file}.json").read_text(encoding="utf-8"))
    return [one["name"] for one in (names[within[0]] if within else names)]


HEADS = tuple(column.head for column in COLUMNS)
SAID = {  # what stands in the columns without anybody's typing
    "No": ["2000"],
    "Nomor register": ["PGD/1234/VIII/2026"],
    "Pengadu": ["Dirahasiakan", "Kusumaningsih"],
    "Tanggal": ["30 Agu 2026"],
    "Media": named("media", "media"),
    "Kategori": named("categories", "leaves"),
    "Unit kerja": named("divisions"),
    "Status": [current_procedure().state_label(state) for state in (*vocabulary().transitions, CLOSED)],
    "Nota Dinas / Berita Acara": ["400.9/123/BA/35.73.999/2026"],
    "Ket.": ["Susulan", "Putaran 2", "BATAL: tidak berisi pengaduan"],
}


def book(rows: list[list[str]], **office: Any) -> dict[str, Any]:
    frozen = content("nota_dinas", office=office)
    paper = {**frozen["paper"], "key": "buku_register", "title": "Buku Register Pengaduan"}
    return {
        **frozen,
        "paper": paper,
        "span": "5–6 Oktober 2026",
        "ruled": {"columns": [(column.head, column.points) for column in COLUMNS], "rows": rows},
        "skipped": [],
        "reader": frozen["signer"],
        "head": frozen["kepala_dinas"],
        "all": False,
    }


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_every_row_stands_on_lying_pages_that_are_numbered_on(size: str) -> None:
    rows = [[str(n), f"PGD/{n}/X/2026", *ROW[2:]] for n in range(1, 61)]
    front, *sheets = pages(pdf(book(rows, size=size)))
    assert "BUKU REGISTER PENGADUAN" in front
    assert [f"- {n} -" in sheet for n, sheet in enumerate(sheets, 2)] == [True] * len(sheets)
    text = words("".join(sheets))
    assert [n for n in range(1, 61) if f"PGD/{n}/X/2026" not in text] == []
    assert text.count("Nomorregister") == len(sheets)


def test_text_is_of_nine_points_and_its_fonts_are_embedded() -> None:
    printed = pdf(book([ROW] * 3))
    assert min(sizes(printed)) >= 8  # the foot of the front sheet
    described = [font["/FontDescriptor"] for font in fonts(printed) if "/FontDescriptor" in font]
    assert described
    assert all("/FontFile2" in font for font in described)


def test_what_no_font_has_is_a_box_and_the_foot_says_so() -> None:
    [_, sheet] = pages(pdf(book([[*ROW[:5], "tanda ☑ senyum 😀 ibrani שלום", *ROW[6:]]])))
    assert "☑" in sheet
    assert "huruf yang tidak dapat dicetak" in sheet
    [_, sheet] = pages(pdf(book([ROW])))
    assert MISSING not in sheet


GREETING = "السلام عليكم ورحمة الله وبركاته"


def test_arabic_is_joined_and_read_back_as_it_was_typed_in_its_own_font() -> None:
    """As on the other papers: words in their order, in one column from the right, in the midst of Latin ones too."""
    printed = pdf(book([[*ROW[:3], "أحمد بن محمد", ROW[4], f"Salam: {GREETING}", *ROW[6:]], ROW]))
    read = unicodedata.normalize("NFKC", " ".join("".join(pages(printed)).split()))  # as a search does
    assert "أحمد بن محمد" in read
    assert "Salam: السلام عليكم ورحمة الله وبركاته" in read
    assert MISSING not in read
    naskh = [font for font in fonts(printed) if "NotoNaskhArabic" in str(font["/BaseFont"])]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in naskh)
    assert naskh
    assert not [font for font in fonts(pdf(book([ROW]))) if "NotoNaskhArabic" in str(font["/BaseFont"])]


@pytest.mark.parametrize(("text", "first"), [("سلام.", "."), ("Kata سلام.", "Kata ")])
def test_a_line_of_arabic_alone_has_its_full_stop_on_the_left(
    text: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(ruled_tables.Canvas, "drawString", lambda canvas, x, y, words: drawn.append(words))
    for rows in ([], [[*[""] * 5, text, *[""] * 6]]):
        heads = len(drawn)
        ruled_tables._TablePages(ruled_tables.RuledTable.of(book(rows)), 1).draw()
    assert drawn[2 * heads] == first


@pytest.mark.parametrize(
    "text", ["x" * 200, "kata " * 60, "a/b" * 40, "☑" * 50, "", " ", "satu\ndua", "W" * 5 + " i" * 80]
)
def test_no_line_is_wider_than_its_column_and_no_word_is_lost(text: str) -> None:
    room = 10.0
    lines = list(ruled_tables._wrap(text, room, "text"))
    assert [line for line in lines if ruled_tables._text_width(line, "text") > room] == []
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert width("W", "LiberationSans-Regular") < room


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_word_that_the_panel_comes_with_is_broken_but_behind_a_slash_or_a_hyphen(size: str) -> None:
    sheets = ruled_tables._TablePages(ruled_tables.RuledTable.of(book([], size=size)), 1)
    rooms = {name: wide - 2 * ruled_tables.PAD for name, wide in zip(HEADS, sheets.widths, strict=True)}
    for column, texts in SAID.items():
        for word in {word for text in texts for word in text.split()}:
            *parts, _ = ruled_tables._split_word(word, rooms[column] / ruled_tables.SIZE, "text")
            assert all(part.endswith(("/", "-")) for part in parts), (column, word, parts)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_table_ends_where_the_rule_of_the_letterhead_ends(size: str) -> None:
    sheets = ruled_tables._TablePages(ruled_tables.RuledTable.of(book([], size=size)), 1)
    assert round(sum(sheets.widths)) == round(sheets.wide - 35 * mm)


def test_the_reader_signs_with_place_and_date_and_the_head_takes_note_if_he_is_another() -> None:
    frozen = book([ROW])
    [front, _] = pages(pdf(frozen))
    assert "Malang, 24 November 2026" in front
    assert front.index("Mengetahui,") < front.index("Malang, 24 November 2026")
    [front, _] = pages(pdf({**frozen, "reader": frozen["head"], "head": {}}))
    assert "Mengetahui" not in front
    assert "Malang, 24 November 2026" in front


def test_every_row_is_set_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted, sets = ruled_tables._TablePages._wrap_row, list[list[str]]()
    monkeypatch.setattr(
        ruled_tables._TablePages, "_wrap_row", lambda *values: sets.append(values[1]) or fitted(*values)
    )
    rows = [[str(n), *ROW[1:]] for n in range(100)]
    ruled_tables._TablePages(ruled_tables.RuledTable.of(book(rows)), 1).draw()
    assert sets == [[*HEADS], *rows]


@pytest.mark.soak
def test_two_thousand_rows_take_seconds_of_work() -> None:
    with cpu_within(30):
        printed = pdf(book([ROW] * 2000))
    assert len(pages(printed)) > 80
