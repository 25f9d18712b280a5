"""How a value reads: dates, times, numbers, yes and no, lists; and blanks in words as they are frozen."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypedDict

from models.store.base import Model
from sop.words import format_date, format_moment, format_number, format_short_date, format_time

Words = str | list[str]


class Names(dict[type[Model], dict[int, Any]]):
    """The rows by id of each table that a blank may name; a table is read when it is first asked for."""

    def __missing__(self, table: type[Model]) -> dict[int, Any]:
        self[table] = rows = {row.get_id(): row for row in table.select()}
        return rows

    def of(self, table: type[Model], ids: Iterable[Any]) -> list[str]:
        """What these rows are called, as the form offers them; nothing for one that is not there."""
        return [str(self[table][one]) for one in ids if one in self[table]]


def value_in_words(value: Any, *, between: str = ", ", nothing: str = "") -> str:
    """27 Februari 2027, 09.30, 1.234,5, Ya; a list with `between` its parts; `nothing` for what is empty."""
    if isinstance(value, list | tuple):
        return between.join(value_in_words(part) for part in value) or nothing
    known = next((words for kind, words in _READ if isinstance(value, kind)), str)
    return nothing if value is None else known(value).strip() or nothing


def in_number(value: Decimal | float) -> str:
    """2,5 whether the database keeps 2.5 or 2.50000."""
    exact = Decimal(str(value))
    return format_number(int(exact) if exact == exact.to_integral() else exact.normalize())


def clock_time(value: time) -> str:
    """09.30"""
    return f"{value:%H.%M}"


def short_moment(value: datetime) -> str:
    """24 Nov 2026 09.14, where there is little room."""
    return f"{format_short_date(value)} {format_time(value)}"


_READ: tuple[tuple[type, Any], ...] = (  # a subclass before its base
    (bool, lambda value: "Ya" if value else "Tidak"),
    (datetime, format_moment),
    (date, format_date),
    (time, clock_time),
    (int, format_number),
    (float, in_number),
    (Decimal, in_number),
)


FORMAT = 4  # of papers' contents; papers/layout/formats.py has a reader for each that ever was


class KeptBlanks(TypedDict):
    """Blanks by label, and the labels in the order of the form."""

    blanks: dict[str, Words]
    order: list[str]


def kept_in_order(told: Mapping[str, Words]) -> KeptBlanks:
    """Blanks by label as they are frozen."""
    return {"blanks": dict(told), "order": list(told)}


def in_order(body: Mapping[str, Any]) -> dict[str, Words]:
    """Frozen blanks in their order; as they lie there where none was kept."""
    blanks = body.get("blanks") or {}
    return {label: blanks[label] for label in body.get("order") or blanks}
