"""Exported tables: cells, CSV without formula injection, XLSX written to a temporary file."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import peewee as pw
from markupsafe import Markup

from models.office.contacts import is_masked, masked_words
from models.records.fields import KINDS, blank_in_words, stored_kind
from models.records.in_words import Names, value_in_words
from sop.words import in_wib

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
    place = var_dir / PLACE
    place.mkdir(mode=0o700, exist_ok=True)
    file = TemporaryFile(dir=place)  # noqa: SIM115 - the caller that sends it closes it
    try:
        write_xlsx(tables, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in chunks; closes it at the end."""
    with file:
        yield from iter(lambda: file.read(CHUNK), b"")


def write_xlsx(tables: Sequence[ExportTable], file: IO[bytes]) -> None:
    """XlsxWriter makes the book with its headings, widths and formats; the rows are put into its sheets here, since it
    takes longer for its cells than everything else takes together."""
    begun = [(table, next(table.portions, [])) for table in tables]
    with ZipFile(_book_without_rows(begun)) as book, ZipFile(file, "w", ZIP_DEFLATED) as out:
        sheets = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(begun, 1)}
        for part in book.namelist():
            with out.open(part, "w") as written:
                if part in sheets:
                    written.writelines(text.encode() for text in _filled(book.read(part).decode(), *sheets[part]))
                else:
                    written.write(book.read(part))


def _book_without_rows(begun: Sequence[tuple[ExportTable, list[Sequence[Cell]]]]) -> IO[bytes]:
    """A book whose sheets have their heading, and below it an empty cell of each of `FORMATS`."""
    from xlsxwriter import Workbook  # imported here: only this export needs it

    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        formats = [book.add_format({"num_format": how}) for how in FORMATS.values()]
        for table, first in begun:
            sheet = book.add_worksheet(table.name[:SHEET])
            sheet.freeze_panes(1, 0)
            for place, head in enumerate(table.heads):
                sheet.set_column(place, place, _width(head, [row[place] for row in first]))
                sheet.write_string(0, place, UNKNOWN.sub("", head), heading)
            for place, how in enumerate(formats):
                sheet.write_blank(1, place, None, how)
    return out


EMPTY_CELLS = re.compile(r'(<row r="2".*?</row>)')
STYLE = re.compile(r's="([0-9]+)"')
SIZE = re.compile(r"<dimension [^>]*/>")  # optional, and not known before the last row


def _filled(sheet: str, table: ExportTable, first: list[Sequence[Cell]]) -> Iterator[str]:
    """The text of a sheet with its rows in place of the empty cells, whose styles they get."""
    from xlsxwriter.utility import xl_col_to_name

    before, cells, after = EMPTY_CELLS.split(SIZE.sub("", sheet))
    styles = dict(zip(FORMATS, STYLE.findall(cells), strict=True))
    columns = [xl_col_to_name(place) for place in range(len(table.heads))]
    last: list[list[Sequence[Cell]]] = [[[table.cut]]] if table.cut else []
    line = 2
    yield before
    for portion in chain([first], table.portions, last):
        yield "".join(_row_in_xml(number, row, columns, styles) for number, row in enumerate(portion, line))
        line += len(portion)
    yield after


def _row_in_xml(line: int, row: Sequence[Cell], columns: Sequence[str], styles: Mapping[type, str]) -> str:
    cells = []
    for column, cell in zip(columns, row, strict=False):  # the line about more rows has one cell
        if isinstance(cell, str):
            if cell:
                cells.append(f'<c r="{column}{line}" t="inlineStr"><is>{_text_in_xml(cell)}</is></c>')
        elif isinstance(cell, date | time):
            cells.append(f'<c r="{column}{line}" s="{styles[type(cell)]}"><v>{serial(cell):.16G}</v></c>')
        else:
            cells.append(f'<c r="{column}{line}"><v>{cell:.16G}</v></c>')
    return f'<row r="{line}">{"".join(cells)}</row>'


MOST = 32_767  # UTF-16 units in a cell
UNKNOWN = re.compile(r"[\ud800-\udfff\ufffe\uffff]")  # characters that XML does not allow
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")  # written as _x0001_
LOOKS_LIKE_CONTROL = re.compile("_(?=x[0-9a-fA-F]{4}_)")
NOT_PLAIN = re.compile(rf"[&<>]|{UNKNOWN.pattern}|{CONTROL.pattern}|_x|\A\s|\s\Z")


def _text_in_xml(text: str) -> str:
    """As XlsxWriter writes it."""
    if len(text) <= MOST // 2 and not NOT_PLAIN.search(text):
        return f"<t>{text}</t>"
    text = UNKNOWN.sub("", text).encode("utf-16-le")[: 2 * MOST].decode("utf-16-le", "ignore")
    text = CONTROL.sub(lambda sign: f"_x{ord(sign[0]):04X}_", LOOKS_LIKE_CONTROL.sub("_x005F_", text))
    spaces = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{spaces}>{escape(text)}</t>"


def serial(cell: date | time) -> float:
    """A date, a moment in WIB or a time as a spreadsheet's serial number, in days."""
    if isinstance(cell, time):
        return (cell.hour * 60 + cell.minute) * 60 / DAY
    if isinstance(cell, datetime):
        since = in_wib(cell).replace(tzinfo=None) - BEGUN
        return since.days + since.seconds / DAY
    return float((cell - BEGUN.date()).days)


def _width(head: str, cells: Sequence[Cell]) -> int:
    kinds = {type(cell) for cell in cells}
    dated = max((WIDTHS.get(kind, 0) for kind in kinds), default=0)
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(NARROWEST, dated, longest + 2, max(map(len, head.split())) + 4), WIDEST)
