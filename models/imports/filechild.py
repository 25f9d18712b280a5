"""The child process that parses a file as a table: `python -m models.imports.filechild`, with the file on stdin."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice

import orjson
from python_calamine import CalamineWorkbook, PasswordError

from models.imports.refused import (
    BROKEN,
    CUT_OFF,
    DONE,
    EMPTY,
    FAILED,
    HEAVY,
    LOCKED,
    MOST_COLUMNS,
    MOST_ROWS,
    NO_TABLE,
    UnreadableFile,
)
from models.store import resource_limits

MEMORY = 1 << 30  # bytes of address space; a year's export of 30 MB needs a third of it
CPU_SECONDS = 60
UNPACKED = 300 << 20  # bytes of all parts of a workbook, unpacked
PARTS = 2_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # xlsx and ods; xls and password-protected files
LOCKED_PART = "EncryptedPackage".encode("utf-16-le")  # stream name in password-protected files
MARKED = (
    # byte order marks and their encodings, the longer mark first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t|"
TRIED = 50  # rows used for guessing the delimiter
csv.field_size_limit(1 << 20)


def table_of(data: bytes) -> list[list[str]]:
    """The rows of a file, each cell as text. UnreadableFile with a sentence if there are none."""
    rows: list[list[str]] = []
    for row in _workbook_rows(data) if data.startswith((ZIP, OLE)) else _text_rows(data):
        if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise UnreadableFile(HEAVY)
        rows.append(row)
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise UnreadableFile(EMPTY)
    return rows


def _workbook_rows(data: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet that is not empty."""
    if data.startswith(ZIP):
        _check_parts(data)
    elif LOCKED_PART in data:
        raise UnreadableFile(LOCKED)
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        sheets = (book.get_sheet_by_index(place) for place in range(len(book.sheet_names)))
        sheet = next((sheet for sheet in sheets if sheet.total_height), None)
        if sheet is None:
            raise UnreadableFile(EMPTY)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise UnreadableFile(HEAVY)
        for row in sheet.iter_rows():
            yield [_cell(value) for value in row]


def _check_parts(data: bytes) -> None:
    """Refuse workbooks that would unpack to too many bytes, before unpacking them (zip bomb)."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise UnreadableFile(HEAVY)
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(LOCKED)


def _cell(value: object) -> str:
    """A cell as text: a moment as ISO, a whole number without decimals, as in ticket numbers."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _text_rows(data: bytes) -> Iterator[list[str]]:
    """The rows of a delimited text file, with any delimiter and encoding."""
    text = _decoded(data)
    if not text.strip():
        raise UnreadableFile(EMPTY)
    delimiter = max(DELIMITERS, key=lambda tried: _columns_by(text, tried))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=_is_strict(text, delimiter))
    yield from reader


def _decoded(data: bytes) -> str:
    for mark, encoding in MARKED:
        if data.startswith(mark):
            return data.decode(encoding)
    if b"\0" in data:
        raise UnreadableFile(NO_TABLE)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _columns_by(text: str, delimiter: str) -> int:
    """The most frequent number of columns in the first rows, if split by this delimiter."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), TRIED))
    except csv.Error:
        return 0
    widths = [len(row) for row in rows if row]
    return max(widths, key=widths.count, default=0)


def _is_strict(text: str, delimiter: str) -> bool:
    """Whether its quoting is valid. An unclosed quote would swallow all following rows, so it is an error; a stray
    quote within a text is tolerated."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as fault:
        if "unexpected end" in str(fault):
            raise UnreadableFile(CUT_OFF) from fault
        return False
    return True


def answer(data: bytes) -> bytes:
    """The reply for a file: DONE and its rows as JSON, or FAILED and the reason."""
    try:
        return DONE + orjson.dumps(table_of(data))
    except UnreadableFile as refused:
        return FAILED + str(refused).encode()
    except PasswordError:
        return FAILED + LOCKED.encode()
    except (MemoryError, csv.Error):
        return FAILED + HEAVY.encode()
    except UnicodeDecodeError:
        return FAILED + NO_TABLE.encode()
    except Exception:
        return FAILED + BROKEN.encode()  # the parsers raise arbitrary exceptions for broken files


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
