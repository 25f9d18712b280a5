"""Values in words: dates, times, numbers, booleans, lists; and the frozen form of blanks in words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypedDict

from models.store import master_cache
from models.store.base import Model
from sop.words import format_date, format_moment, format_number, format_short_date, format_time

Words = str | list[str]


class Names(dict[type[Model], dict[int, Any]]):
    """Rows by id of each table that a blank may refer to; a table is loaded on first use."""

    def __missing__(self, table: type[Model]) -> dict[int, Any]:
        rows = master_cache.rows_by_id(table) if table.cached else {row.get_id(): row for row in table.select()}
        self[table] = dict(rows)
        return self[table]

    def of(self, table: type[Model], ids: Iterable[Any]) -> list[str]:
        """Names of these rows, as in the form; missing ids are skipped."""
        return [str(self[table][key]) for key in ids if key in self[table]]


def value_in_words(value: Any, *, between: str = ", ", nothing: str = "") -> str:
    """27 Februari 2027, 09.30, 1.234,5, Ya; a list joined by `between`; `nothing` for an empty value."""
    if isinstance(value, list | tuple):
        return between.join(value_in_words(part) for part in value) or nothing
    known = next((words for kind, words in _FORMATTERS if isinstance(value, kind)), str)
    return nothing if value is None else known(value).strip() or nothing


def in_number(value: Decimal | float) -> str:
    """2,5 whether the database returns 2.5 or 2.50000."""
    exact = Decimal(str(value))
    return format_number(int(exact) if exact == exact.to_integral() else exact.normalize())


def clock_time(value: time) -> str:
    """09.30"""
    return f"{value:%H.%M}"


def short_moment(value: datetime) -> str:
    """24 Nov 2026 09.14, for narrow columns."""
    return f"{format_short_date(value)} {format_time(value)}"


_FORMATTERS: tuple[tuple[type, Any], ...] = (  # formatter by type; a subclass comes before its base
    (bool, lambda value: "Ya" if value else "Tidak"),
    (datetime, format_moment),
    (date, format_date),
    (time, clock_time),
    (int, format_number),
    (float, in_number),
    (Decimal, in_number),
)


FORMAT = 5  # version of papers' contents; papers/layout/formats.py has a reader for each version


class FrozenBlanks(TypedDict):
    """Blanks in words by label, and the labels in the order of the form."""

    blanks: dict[str, Words]
    order: list[str]


def frozen_blanks(words: Mapping[str, Words]) -> FrozenBlanks:
    """Blanks in words, by label, in the form in which they are frozen."""
    return {"blanks": dict(words), "order": list(words)}


def in_order(body: Mapping[str, Any]) -> dict[str, Words]:
    """Frozen blanks in the order of the form; in stored order if the body has no `order`."""
    blanks = body.get("blanks") or {}
    return {label: blanks[label] for label in body.get("order") or blanks}
