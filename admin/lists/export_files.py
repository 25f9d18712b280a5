"""Exported tables: cells, CSV that a spreadsheet opens harmlessly, XLSX written to a file."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import peewee as pw
from markupsafe import Markup
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from models.office.contacts import is_masked, masked_words
from models.records.fields import KINDS, blank_in_words, stored_kind
from models.records.in_words import Names, value_in_words
from sop.words import in_wib

Cell = str | int | float | Decimal | date | datetime | time
RECKONED = frozenset(kind.key for kind in KINDS if kind.value and kind.value is not bool) | {"whole"}
TEXT = ("line", "text")


@dataclass(frozen=True)
class ExportColumn:
    """A column: its head, what the database is asked for, and how the answer is written."""

    head: str
    column: Any
    cell: Callable[[Any], Cell]


@dataclass(frozen=True)
class CellsBeside:
    """Further cells of each row, asked for portion by portion by the rows' keys."""

    heads: tuple[str, ...] = ()
    of: Callable[[Sequence[int]], Mapping[int, Sequence[Cell]]] = lambda keys: {}


@dataclass(frozen=True)
class ExportTable:
    """What is written: the heads, the rows portion by portion, and how many there are at most."""

    name: str
    heads: Sequence[str]
    portions: Iterator[list[Sequence[Cell]]]
    rows: int
    cut: str = ""  # said in a last row of its own where there would be more


def cell_of(field: pw.Field | None) -> Callable[[Any], Cell]:
    """How values of this field are written in a cell; as text where there is no field."""
    if field is None:
        return _told_by(str)
    if field.choices:
        words = {key: str(label) for key, label in field.choices}
        return lambda value: words.get(value, "" if value is None else str(value))
    kind = stored_kind(field)
    if is_masked(field):
        return lambda value: "" if value is None else masked_words(value)
    if kind.key in (*RECKONED, *TEXT):
        return lambda value: "" if value is None else value
    if kind.value is bool:
        return _told_by({known: kind.short(known) for known in (True, False)}.__getitem__)
    names = Names()
    return _told_by(lambda value: value_in_words(blank_in_words(field, value, names)))


def _told_by(tell: Callable[[Any], str]) -> Callable[[Any], Cell]:
    return lambda value: "" if value is None else tell(value)


FORMULA = re.compile(r"""((?:\A|[;\t\r\n])[\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
SHORT = {kind.value: kind.short for kind in KINDS if kind.value}


class Echo:
    """A file that hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: ExportTable) -> Iterator[str]:
    """The table, a portion of lines at a time."""
    write = csv.writer(Echo(), quoting=csv.QUOTE_ALL).writerow
    yield "\ufeff" + write([safe_cell(head) for head in table.heads])
    for portion in table.portions:
        yield "".join(write([csv_cell(cell) for cell in row]) for row in portion)
    if table.cut:
        yield write([table.cut])


def csv_cell(cell: Cell) -> Any:
    """The cell in words, a whole number as it is."""
    short = SHORT.get(type(cell))
    if short is None:
        return safe_cell(cell)
    return short(cell) if isinstance(cell, date | time) else safe_cell(short(cell))  # a date is no formula


def safe_cell(value: Any) -> Any:
    """The value as a cell that no spreadsheet takes for a formula: such text gets an apostrophe in front.

    So does what comes after a semicolon, a tab or an end of line: a spreadsheet that splits there begins a cell with
    it, and where it does not split at our comma the quotes do not hold it together.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return _harmless(value.striptags() if isinstance(value, Markup) else str(value))


@lru_cache(maxsize=2_000)  # most cells of a list say what others say: a state, a category, a place
def _harmless(text: str) -> str:
    return FORMULA.sub(r"\1'", text.replace("\0", ""))


PLACE = "ekspor"  # the folder under VAR_DIR in which files are written
CHUNK = 256 * 1024
BEGUN = datetime(1899, 12, 30)  # noqa: DTZ001 - from where spreadsheets count, on the office's clock
DAY = 86_400
UNKNOWN = re.compile("[\ud800-\udfff\ufffe\uffff]")  # letters that XML does not have
FORMATS: dict[type, str] = {datetime: "dd-mm-yyyy hh:mm", date: "dd-mm-yyyy", time: "hh:mm"}
WIDTHS: dict[type, int] = {datetime: 17, date: 12}
NARROWEST, WIDEST = 10, 40
SHEET = 31  # letters that the name of a sheet may have


def clear(var_dir: Path) -> Path:
    """The folder, empty: what a server that was killed has left there is of no use any more."""
    place = var_dir / PLACE
    rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    return place


def xlsx_file(tables: Sequence[ExportTable], var_dir: Path) -> IO[bytes]:
    """The tables, a sheet each, as a file without a name, which goes away as it is closed."""
    place = var_dir / PLACE
    place.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=place) as folder:
        file = TemporaryFile(dir=folder)  # noqa: SIM115 - the caller that sends it closes it
        try:
            _write(tables, Workbook(file, {"constant_memory": True, "tmpdir": folder}))
        except BaseException:
            file.close()
            raise
    file.seek(0)
    return file


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces, closed behind the last."""
    with file:
        yield from iter(lambda: file.read(CHUNK), b"")


def _write(tables: Sequence[ExportTable], book: Workbook) -> None:
    try:
        for table in tables:
            _fill(table, SheetWriter(book, table.name))
    finally:
        _close(book)  # whatever happened: it has files of its own open


def _fill(table: ExportTable, sheet: "SheetWriter") -> None:
    for portion in table.portions:
        if sheet.line == 0:
            sheet.open(table.heads, portion)
        for row in portion:
            sheet.add(row)
    if sheet.line == 0:
        sheet.open(table.heads, [])
    if table.cut:
        sheet.add([table.cut])


def _close(book: Workbook) -> None:
    try:
        book.close()
    except FileCreateError as fault:
        raise fault.args[0] from fault  # what the disk said


class SheetWriter:
    """One sheet, written row after row and never gone back to."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.line = 0
        self._sheet = book.add_worksheet(name[:SHEET])
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._formats = {kind: book.add_format({"num_format": how}) for kind, how in FORMATS.items()}

    def open(self, heads: Sequence[str], first: Sequence[Sequence[Cell]]) -> None:
        """The heads, which stay in sight; columns as wide as the first rows ask for."""
        for place, head in enumerate(heads):
            cells = [row[place] for row in first]
            self._sheet.set_column(place, place, _width(head, cells))
        self._sheet.freeze_panes(1, 0)
        for place, head in enumerate(heads):
            self._sheet.write_string(0, place, _text(head), self._head)
        self.line = 1

    def add(self, row: Sequence[Cell]) -> None:
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    self._sheet.write_string(self.line, place, _text(cell))
            elif isinstance(cell, date | time):
                self._sheet.write_number(self.line, place, serial(cell), self._formats[type(cell)])
            else:
                self._sheet.write_number(self.line, place, cell)
        self.line += 1


def serial(cell: date | time) -> float:
    """A day, a moment on the office's clock or a time as the days that a spreadsheet counts."""
    if isinstance(cell, time):
        return (cell.hour * 60 + cell.minute) * 60 / DAY
    if isinstance(cell, datetime):
        since = in_wib(cell).replace(tzinfo=None) - BEGUN
        return since.days + since.seconds / DAY
    return float((cell - BEGUN.date()).days)


def _text(text: str) -> str:
    return UNKNOWN.sub("", text) if not text.isascii() else text


def _width(head: str, cells: Sequence[Cell]) -> int:
    kinds = {type(cell) for cell in cells}
    dated = max((WIDTHS.get(kind, 0) for kind in kinds), default=0)
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(NARROWEST, dated, longest + 2, max(map(len, head.split())) + 4), WIDEST)
