"""A file becomes rows of texts, or a sentence that says why not; whatever is sent, nothing falls over."""

import io
import zipfile
from datetime import date, datetime
from functools import cache

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from models.imports import refused, tables
from models.imports.refused import UnreadableFile
from models.imports.tables import FileTable, rows_of_file, table_under

HEADS = ["Tracking ID", "Isi Laporan Awal"]


def workbook(*rows, sheets=1):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "d mmm yyyy"})
    for _ in range(sheets - 1):
        book.add_worksheet()
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(place, column, cell, *([day] if isinstance(cell, date) else []))
    book.close()
    return out.getvalue()


def repacked(data, *, change):
    """The workbook with one of its parts changed: what no program writes, but somebody may send."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return out.getvalue()


def locked(data):
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("rahasia", out)
    return out.getvalue()


def with_a_corner(name, part):
    """One cell far away: a reader that lays out all between would need a terabyte."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return part.replace(b"</sheetData>", far) if name.endswith("sheet1.xml") else part


def without_xml(name, part):
    return b"<<<" if name.endswith("sheet1.xml") else part


@cache
def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for place in range(4):
            packed.writestr(f"xl/worksheets/sheet{place}.xml", b"0" * (100 << 20))
    return out.getvalue()


def lying_bomb():
    """It says that it unpacks to little."""
    data = bytearray(bomb())
    size, said = (100 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    return bytes(data.replace(size, said))


GOOD = workbook(HEADS, ["1", "Lampu jalan padam"])
BAD = {
    # name: (its bytes, or what makes them once they are asked for; the sentence)
    "nothing": (b"", refused.EMPTY),
    "blanks": (b" \r\n \r\n", refused.EMPTY),
    "empty workbook": (workbook(), refused.EMPTY),
    "empty rows": (b";;\n;;\n", refused.EMPTY),
    "too large": (b"a" * (refused.MOST_BYTES + 1), refused.LARGE),
    "password": (locked(GOOD), refused.LOCKED),
    "truncated workbook": (GOOD[: len(GOOD) // 2], refused.BROKEN),
    "workbook without its end": (GOOD[:-30], refused.BROKEN),
    "flipped bytes": (GOOD[:200] + bytes(b ^ 255 for b in GOOD[200:400]) + GOOD[400:], refused.BROKEN),
    "sheet that is no XML": (
        repacked(GOOD, change=lambda n, p: b"<<<" if n.endswith("sheet1.xml") else p),
        refused.BROKEN,
    ),
    "a zip of something else": (repacked(GOOD, change=lambda n, p: b"x"), refused.BROKEN),
    "zip bomb": (bomb, refused.HEAVY),
    "zip bomb that lies": (lying_bomb, refused.BROKEN),
    "a cell in the last corner": (repacked(GOOD, change=with_a_corner), refused.HEAVY),
    "too many columns": (b";".join([b"a"] * 1_000_000), refused.HEAVY),
    "too many rows": (b"a;b\n" * (refused.MOST_ROWS + 1), refused.HEAVY),
    "one endless cell": (b"a;" + b"b" * (2 << 20), refused.HEAVY),
    "quote that nothing closes": (b'Tracking ID;Isi\n1;"Lampu\n2;Jalan\n', refused.CUT_OFF),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", refused.NO_TABLE),
    "UTF-16 that ends in the middle": ("a;b\nc;d".encode("utf-16")[:-1], refused.NO_TABLE),
    "UTF-32 that is none": (b"\xff\xfe\0\0\xff\xff\xff\xff", refused.NO_TABLE),
    "old document": (b"\xd0\xcf\x11\xe0" + b"\0" * 2_000, refused.BROKEN),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_its_sentence(name):
    data, sentence = BAD[name]
    with pytest.raises(UnreadableFile) as said:
        rows_of_file(data() if callable(data) else data)
    assert str(said.value) == sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_between_delimiters_is_read_whatever_these_and_its_letters_are(delimiter, encoding):
    text = f'Tracking ID{delimiter}Isi\r\n7{delimiter}"“Lampu”{delimiter} padam\r\ndua ""hari"""\r\n'
    assert rows_of_file(text.encode(encoding)) == [
        ["Tracking ID", "Isi"],
        ["7", f'“Lampu”{delimiter} padam\r\ndua "hari"'],
    ]


def test_a_stray_quote_within_a_text_is_tolerated():
    assert rows_of_file(b'a;b\n1;"Jalan "Ijen" rusak"\n2;x\n') == [["a", "b"], ["1", 'Jalan Ijen" rusak"'], ["2", "x"]]


def test_a_workbook_is_read_as_texts_with_whole_numbers_and_iso_moments_from_its_first_sheet_that_has_rows():
    rows = [HEADS, [8_123_456.0, "=1+1"], [4.5, datetime(2026, 1, 3, 8, 15)], ["-x", date(2026, 1, 3)]]  # noqa: DTZ001
    parsed = rows_of_file(workbook(*rows, sheets=2))
    assert parsed == [HEADS, ["8123456", "=1+1"], ["4.5", "2026-01-03T08:15:00"], ["-x", "2026-01-03"]]


def test_heads_stand_below_titles_and_are_known_however_they_are_written():
    table = table_under([["LAPORAN"], [], ["  TRACKING   id", "Isi", "Isi"], ["1", "a"], ["2"]], "Tracking ID")
    assert table == FileTable(["  TRACKING   id", "Isi", "Isi"], [["1", "a"], ["2"]], 4)
    assert [[table.cell(row, head) for head in ("tracking id", "isi", "lain")] for row in table.rows] == [
        ["1", "a", ""],
        ["2", "", ""],
    ]


def test_without_its_head_a_table_is_refused_by_name():
    with pytest.raises(UnreadableFile, match="“Tracking ID”"):
        table_under([["a"], ["b"]], "Tracking ID")


def test_a_process_that_dies_or_does_not_answer_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(tables, "SECONDS", 0.01)
    with pytest.raises(UnreadableFile, match="terlalu besar"):
        rows_of_file(GOOD)
