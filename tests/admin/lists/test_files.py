"""A table as XLSX and as CSV: text stays text, dates are dates, and nothing is left behind."""

import errno
import gc
import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from warnings import catch_warnings
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from admin.lists import export_files
from admin.lists.export_files import PLACE, Cell, ExportTable, clear, csv_lines, xlsx_file
from sop.clock import WIB

TEXTS = (
    "=1+1",
    "+62812",
    "-5",
    "@a",
    "0812",
    "1e5",
    "2026-01-02",
    "TRUE",
    "http://a.b",
    "<b>&\"'",
    "Ya\nTidak",
    "é ☐ 😀",
)
AWKWARD = (" a", "a\n", "\ta\r", "_x0041_", "_xa", "a\x01", "\x0b", "x" * 32_768, "\U0001f600" * 16_384)
MORNING = datetime(2026, 11, 24, 9, 14, tzinfo=WIB)


def table(*portions: Sequence[Sequence[Cell]], heads: Sequence[str] = ("Satu", "Dua"), cut: str = "") -> ExportTable:
    return ExportTable("Pengaduan", heads, iter([list(portion) for portion in portions]), sum(map(len, portions)), cut)


def sheet_of(written: ExportTable, folder: Path) -> list[list[Any]]:
    """What a spreadsheet reads."""
    with xlsx_file([written], folder) as file:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    assert sheet_of(table([[text, "b"]]), tmp_path) == [["Satu", "Dua"], [text, "b"]]


def test_characters_that_xml_does_not_allow_are_left_out(tmp_path: Path) -> None:
    [_, [cell, other]] = sheet_of(table([["a\ufffeb\ud800c", "d\x01e"]]), tmp_path)
    assert (cell, other[0], other[-1]) == ("abc", "d", "e")


@pytest.mark.parametrize("text", [*TEXTS, *AWKWARD])
def test_text_is_written_as_xlsxwriter_writes_it(tmp_path: Path, text: str) -> None:
    theirs = io.BytesIO()
    with Workbook(theirs, {"constant_memory": True}) as book, catch_warnings(action="ignore"):
        book.add_worksheet().write_string(1, 0, text)
    with xlsx_file([table([[text]], heads=["Satu"])], tmp_path) as ours:
        [(cell, cell_of_theirs)] = zip(texts_in(ours), texts_in(theirs), strict=True)
    assert cell == cell_of_theirs


def texts_in(file: IO[bytes]) -> list[str]:
    return re.findall("<is>.*?</is>", ZipFile(file).read("xl/worksheets/sheet1.xml").decode(), re.S)


def test_each_table_has_a_sheet_with_its_own_heads_rows_and_widths(tmp_path: Path) -> None:
    other = ExportTable("Lainnya", ("Tiga",), iter([[[date(2026, 2, 28)]], [["panjang" * 4]]]), 2)
    with xlsx_file([table([["a", "b"]]), other], tmp_path) as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
        widths = [re.findall(r'width="([\d.]+)"', sheet) for sheet in sheets_of(file)]
    assert {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names} == {
        "Pengaduan": [["Satu", "Dua"], ["a", "b"]],
        "Lainnya": [["Tiga"], [date(2026, 2, 28)], ["panjang" * 4]],
    }
    assert widths == [["10.7109375"], ["12.7109375"]]  # columns of one width are written as one


def sheets_of(file: IO[bytes]) -> list[str]:
    book = ZipFile(file)
    return [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]


def test_moments_are_read_as_moments_of_the_offices_clock(tmp_path: Path) -> None:
    [_, [moment, same]] = sheet_of(table([[MORNING, MORNING.astimezone(UTC)]]), tmp_path)
    assert moment == same == datetime(2026, 11, 24, 9, 14)  # noqa: DTZ001 - cells know no zone


def test_days_times_and_numbers_are_read_as_such(tmp_path: Path) -> None:
    cells: list[Cell] = [date(2026, 2, 28), time(9, 30), 7, 2.25, Decimal("1234.5"), ""]
    [_, read_back] = sheet_of(table([cells], heads="abcdef"), tmp_path)
    assert read_back == [date(2026, 2, 28), time(9, 30), 7, 2.25, 1234.5, ""]


def test_both_formats_have_the_headings_every_portion_and_the_line_about_more(tmp_path: Path) -> None:
    rows = [[["a", 1]], [["b", 2], ["c", 3]]]
    lines = "".join(csv_lines(table(*rows, cut="Dipotong."))).removeprefix("\ufeff").splitlines()
    assert lines == ['"Satu","Dua"', '"a","1"', '"b","2"', '"c","3"', '"Dipotong."']
    assert sheet_of(table(*rows, cut="Dipotong."), tmp_path)[-2:] == [["c", 3], ["Dipotong.", ""]]
    assert sheet_of(table(), tmp_path) == [["Satu", "Dua"]]


def left(folder: Path) -> list[Path]:
    return list((folder / PLACE).iterdir())


def test_nothing_is_left_on_the_disk(tmp_path: Path) -> None:
    sheet_of(table([["a", "b"]]), tmp_path)
    assert left(tmp_path) == []


def test_what_fails_in_the_middle_leaves_nothing_either(tmp_path: Path) -> None:
    def broken() -> Iterator[list[Sequence[Cell]]]:
        yield [["a", "b"]]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        xlsx_file([ExportTable("Pengaduan", ("Satu", "Dua"), broken(), 2)], tmp_path)
    assert left(tmp_path) == []


class FullDisk(io.BytesIO):
    """A file on a disk without room."""

    def write(self, *_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_full_disk_is_raised_as_the_error_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "TemporaryFile", lambda **_: FullDisk())
    with pytest.raises(OSError, match="No space left"):
        xlsx_file([table([["a", "b"]])], tmp_path)
    gc.collect()  # the zip that could not be ended says so once more as it goes
    assert left(tmp_path) == []


def test_what_a_killed_server_has_left_is_cleared(tmp_path: Path) -> None:
    (clear(tmp_path) / "sisa").write_text("x")
    assert clear(tmp_path).stat().st_mode & 0o777 == 0o700
    assert left(tmp_path) == []
