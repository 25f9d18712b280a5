"""A table as XLSX: text as text, dates and numbers as such; written to a file of its own, never held in memory."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from admin.export.cells import Cell, ExportTable
from sop.words import in_wib

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
    """The folder, empty: what a server that was killed has left there is nobody's any more."""
    place = var_dir / PLACE
    rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    return place


def xlsx_file(tables: Sequence[ExportTable], var_dir: Path) -> IO[bytes]:
    """The tables, a sheet each, as a file without a name, which goes away as it is closed."""
    place = var_dir / PLACE
    place.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=place) as folder:
        file = TemporaryFile(dir=folder)  # noqa: SIM115 - whoever sends it closes it
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
