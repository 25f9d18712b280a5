"""A table as CSV, harmless when a spreadsheet opens it: line by line, nothing is gathered."""

import csv
import re
from collections.abc import Iterator
from datetime import date, time
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from admin.export.cells import Cell, ExportTable
from models.records.fields import KINDS

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
