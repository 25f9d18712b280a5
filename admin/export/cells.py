"""What a cell of an exported list holds: words, or a number, a day, a moment for a spreadsheet to reckon with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import peewee as pw

from models.office.contacts import is_masked, masked_words
from models.records.fields import KINDS, Names, blank_in_words, stored_kind, value_in_words

Cell = str | int | float | Decimal | date | datetime | time
RECKONED = frozenset(kind.key for kind in KINDS if kind.value and kind.value is not bool) | {"whole"}
TEXT = ("line", "text")


@dataclass(frozen=True)
class ExportColumn:
    """A column: its head, what the database is asked for, and how the answer is told."""

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
    """How values of this field are told in a cell; as text where there is no field."""
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
