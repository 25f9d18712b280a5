"""Exported tables: cells, CSV without formula injection, XLSX written to a temporary file."""

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
from typing import IO, TYPE_CHECKING, Any

import peewee as pw
from markupsafe import Markup

from models.office.contacts import is_masked, masked_words
from models.records.fields import KINDS, blank_in_words, stored_kind
from models.records.in_words import Names, value_in_words
from sop.words import in_wib

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Cell = str | int | float | Decimal | date | datetime | time
NUMERIC_KINDS = frozenset(kind.key for kind in KINDS if kind.value and kind.value is not bool) | {"whole"}
TEXT = ("line", "text")


@dataclass(frozen=True)
class ExportColumn:
    """A column: heading, expression to select, and conversion of its values to cells."""

    head: str
    column: Any
    cell: Callable[[Any], Cell]


@dataclass(frozen=True)
class ExtraCells:
    """Additional cells per row, queried per batch by the rows' keys."""

    heads: tuple[str, ...] = ()
    of: Callable[[Sequence[int]], Mapping[int, Sequence[Cell]]] = lambda keys: {}


@dataclass(frozen=True)
class ExportTable:
    """A table to write: headings, batches of rows, and the maximum number of rows."""

    name: str
    heads: Sequence[str]
    portions: Iterator[list[Sequence[Cell]]]
    rows: int
    cut: str = ""  # text of an additional last row if the export is truncated


def cell_of(field: pw.Field | None) -> Callable[[Any], Cell]:
    """The conversion of this field's values to cells; str for None."""
    if field is None:
        return _or_empty(str)
    if field.choices:
        words = {key: str(label) for key, label in field.choices}
        return lambda value: words.get(value, "" if value is None else str(value))
    kind = stored_kind(field)
    if is_masked(field):
        return lambda value: "" if value is None else masked_words(value)
    if kind.key in (*NUMERIC_KINDS, *TEXT):
        return lambda value: "" if value is None else value
    if kind.value is bool:
        return _or_empty({known: kind.short(known) for known in (True, False)}.__getitem__)
    names = Names()
    return _or_empty(lambda value: value_in_words(blank_in_words(field, value, names)))


def _or_empty(convert: Callable[[Any], str]) -> Callable[[Any], Cell]:
    return lambda value: "" if value is None else convert(value)


FORMULA = re.compile(r"""((?:\A|[;\t\r\n])[\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
SHORT = {kind.value: kind.short for kind in KINDS if kind.value}


class Echo:
    """A file object for csv.writer whose write returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: ExportTable) -> Iterator[str]:
    """The table as CSV text, one batch of rows at a time, with a BOM."""
    write = csv.writer(Echo(), quoting=csv.QUOTE_ALL).writerow
    yield "\ufeff" + write([safe_cell(head) for head in table.heads])
    for portion in table.portions:
        yield "".join(write([csv_cell(cell) for cell in row]) for row in portion)
    if table.cut:
        yield write([table.cut])


def csv_cell(cell: Cell) -> Any:
    """Dates and times as Indonesian text; numbers unchanged; other text made safe."""
    short = SHORT.get(type(cell))
    if short is None:
        return safe_cell(cell)
    return short(cell) if isinstance(cell, date | time) else safe_cell(short(cell))  # a date is no formula


def safe_cell(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would evaluate as a formula.

    Text after a semicolon, a tab or a line end gets one too: a spreadsheet with another separator splits there, and
    where it does not split at our comma the quotes do not protect the text.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return _harmless(value.striptags() if isinstance(value, Markup) else str(value))


@lru_cache(maxsize=2_000)  # most cells repeat: a state, a category, a place
def _harmless(text: str) -> str:
    return FORMULA.sub(r"\1'", text.replace("\0", ""))


PLACE = "ekspor"  # the folder under VAR_DIR in which files are written
CHUNK = 256 * 1024
BEGUN = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of spreadsheets, on the office's clock
DAY = 86_400
UNKNOWN = re.compile("[\ud800-\udfff\ufffe\uffff]")  # characters that XML does not allow
FORMATS: dict[type, str] = {datetime: "dd-mm-yyyy hh:mm", date: "dd-mm-yyyy", time: "hh:mm"}
WIDTHS: dict[type, int] = {datetime: 17, date: 12}
NARROWEST, WIDEST = 10, 40
SHEET = 31  # maximum length of a sheet name


def clear(var_dir: Path) -> Path:
    """Empty the folder of files left by a killed server process; returns it."""
    place = var_dir / PLACE
    rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    return place


def xlsx_file(tables: Sequence[ExportTable], var_dir: Path) -> IO[bytes]:
    """Write one sheet per table to an unnamed temporary file, which is deleted when closed."""
    from xlsxwriter import Workbook  # imported here: only this export needs it

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
    """The file in chunks; closes it at the end."""
    with file:
        yield from iter(lambda: file.read(CHUNK), b"")


def _write(tables: Sequence[ExportTable], book: "Workbook") -> None:
    try:
        for table in tables:
            _fill(table, SheetWriter(book, table.name))
    finally:
        _close(book)  # also after an error: it has temporary files open


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


def _close(book: "Workbook") -> None:
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as fault:
        raise fault.args[0] from fault  # the OSError


class SheetWriter:
    """One sheet, written sequentially (constant_memory)."""

    def __init__(self, book: "Workbook", name: str) -> None:
        self.line = 0
        self._sheet = book.add_worksheet(name[:SHEET])
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._formats = {kind: book.add_format({"num_format": how}) for kind, how in FORMATS.items()}

    def open(self, heads: Sequence[str], first: Sequence[Sequence[Cell]]) -> None:
        """Write the frozen heading row; the first batch determines the column widths."""
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
    """A date, a moment in WIB or a time as a spreadsheet's serial number, in days."""
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
