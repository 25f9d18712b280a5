"""Keyset pagination: rows in an order, from any position, forwards and backwards; the last page costs as the first.

An order is a sequence of keys that ends with the primary key, so that positions are unique. Each range of rows that an
index returns in order is one select; a page is the UNION ALL of these selects.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol

import peewee as pw

from models.store import prepared
from models.store.base import database, union_all

Value = Any  # of a row under a key
Place = tuple[Value, ...]  # a row's values of the keys; a prefix of them is a position before or after many rows


@dataclass(frozen=True)
class RowRange:
    """A range of rows: its conditions and its ORDER BY."""

    where: tuple[pw.Expression, ...] = ()
    order: tuple[Any, ...] = ()

    def within(self, condition: Any) -> "RowRange":
        return RowRange((condition, *self.where), self.order)


NEVER = pw.SQL("1 = 0")
NO_ROWS = RowRange((NEVER,))


class OrderKey(Protocol):
    """A sort key: its column, all ranges of its values, and the ranges at or after one value."""

    @property
    def down(self) -> bool: ...

    @property
    def column(self) -> Any: ...

    @property
    def field(self) -> pw.Field | None: ...

    def sorted(self, back: bool) -> Any: ...

    def at(self, value: Value) -> Any: ...

    def whole(self, rest: "Sequence[OrderKey]", back: bool) -> list[RowRange]: ...

    def beyond(self, value: Value, rest: "Sequence[OrderKey]", back: bool) -> list[RowRange]: ...


@dataclass(frozen=True)
class Spread:
    """A column with many values; NULLs come last in both directions."""

    column: Any
    down: bool = False
    nullable: bool = False
    field: pw.Field | None = None

    def sorted(self, back: bool) -> Any:
        nulls = ("FIRST" if back else "LAST") if self.nullable else None
        return self.column.desc(nulls=nulls) if self.down != back else self.column.asc(nulls=nulls)

    def at(self, value: Value) -> Any:
        return self.column.is_null() if value is None else self.column == value

    def whole(self, rest: Sequence[OrderKey], back: bool) -> list[RowRange]:
        parts = [self._valued(rest, back), *self._lacking(rest, back)]
        return parts[1:] + parts[:1] if back else parts

    def beyond(self, value: Value, rest: Sequence[OrderKey], back: bool) -> list[RowRange]:
        if value is None:
            return [self._valued(rest, back)] if back else []
        farther = self.column < value if self.down != back else self.column > value
        return [self._valued(rest, back, farther), *([] if back else self._lacking(rest, back))]

    def _valued(self, rest: Sequence[OrderKey], back: bool, farther: Any = None) -> RowRange:
        order = self.column.desc() if self.down != back else self.column.asc()
        where = farther if farther is not None else self.column.is_null(False) if self.nullable else None
        return RowRange(() if where is None else (where,), (order, *(key.sorted(back) for key in rest)))

    def _lacking(self, rest: Sequence[OrderKey], back: bool) -> list[RowRange]:
        return [part.within(self.column.is_null()) for part in row_ranges(rest, back)] if self.nullable else []


@dataclass(frozen=True)
class Few:
    """A key with few values, each given as a condition; together they cover all rows. `places` are the indexes of the
    conditions that the queried rows can match, None if not known."""

    kinds: tuple[Any, ...]
    down: bool = False
    places: frozenset[int] | None = None

    @property
    def field(self) -> None:
        """None: the value is the index of the condition."""

    @property
    def column(self) -> Any:
        return pw.Case(None, [(kind, pw.SQL(str(place))) for place, kind in enumerate(self.kinds)])

    def sorted(self, back: bool) -> Any:
        return self.column.desc() if self.down != back else self.column.asc()

    def at(self, value: Value) -> Any:
        return self.kinds[value]

    def whole(self, rest: Sequence[OrderKey], back: bool) -> list[RowRange]:
        return self._of(range(len(self.kinds)), rest, back)

    def beyond(self, value: Value, rest: Sequence[OrderKey], back: bool) -> list[RowRange]:
        lower = self.down != back
        return self._of(range(value) if lower else range(value + 1, len(self.kinds)), rest, back)

    def _of(self, places: range, rest: Sequence[OrderKey], back: bool) -> list[RowRange]:
        turned = places[::-1] if self.down != back else places
        occupied = [place for place in turned if self.places is None or place in self.places]
        return [part.within(self.kinds[place]) for place in occupied for part in row_ranges(rest, back)]


def kinds_of(column: Any, values: Sequence[Any], *, nullable: bool = False, every: bool = False) -> tuple[Any, ...]:
    """The conditions of a `Few` for a column: these values in order, then any other value, then NULL. `every`: the
    database allows no other value, and need not look for any."""
    others = column.not_in(list(values)) if values else column.is_null(False)
    others = NEVER if every else others
    return (*(column == value for value in values), others, *([column.is_null()] if nullable else []))


def present_values(field: pw.Field) -> set[Value]:
    """The values that an indexed column has, each found by the index from the one before: to ask for rows with any
    other value than some would read them all."""

    def build() -> Any:
        other = field.model.alias()
        column = getattr(other, field.name)
        first = field.model.select(pw.fn.MIN(field)).cte("present", recursive=True, columns=("value",))
        larger = other.select(pw.fn.MIN(column)).where(column > first.c.value)
        every = first.union_all(pw.Select([first], [larger]).where(first.c.value.is_null(False)))
        return every.select_from(every.c.value).bind(database).tuples()

    return {value for (value,) in prepared.run_fixed((present_values, field), build) if value is not None}


def row_ranges(keys: Sequence[OrderKey], back: bool = False) -> list[RowRange]:
    """The ranges of all rows, in order."""
    return keys[0].whole(keys[1:], back) if keys else [RowRange()]


def row_ranges_beyond(keys: Sequence[OrderKey], place: Place, back: bool = False) -> list[RowRange]:
    """The ranges of the rows after a position; with `back`, before it."""
    if not place:
        return []
    value, key, rest = place[0], keys[0], keys[1:]
    same = [part.within(key.at(value)) for part in row_ranges_beyond(rest, place[1:], back)]
    return same + key.beyond(value, rest, back)


def walk(
    query: Any,
    keys: Sequence[OrderKey],
    limit: int,
    *,
    beyond: Place | None = None,
    back: bool = False,
    offset: int = 0,
) -> list[Place]:
    """The key values of the query's rows in order, after the position `beyond` or from the first (or last) row.

    `back` goes towards the beginning and so returns the nearest row first.
    """
    return read_places(keys, places_query(query, keys, limit, beyond=beyond, back=back, offset=offset))


def places_query(
    query: Any,
    keys: Sequence[OrderKey],
    limit: int,
    *,
    beyond: Place | None = None,
    back: bool = False,
    offset: int = 0,
) -> Any:
    """The query of `walk`, for `read_places`."""
    parts = row_ranges(keys, back) if beyond is None else row_ranges_beyond(keys, beyond, back) or [NO_ROWS]
    selects = [_select(query, keys, part, limit + offset, _names(keys)) for part in parts]
    return union_all(selects).limit(limit).offset(offset).bind(database).tuples()


def in_slots(keys: Sequence[OrderKey], place: Place) -> tuple[Place, prepared.Values]:
    """The place for a prepared query, with slots for all values on which its SQL does not depend, and these values."""
    values = {
        f"place{n}": key.field.db_value(value) if key.field else value
        for n, (key, value) in enumerate(zip(keys, place, strict=False))
        if value is not None and not isinstance(key, Few)
    }
    slots = (prepared.slot(f"place{n}") if f"place{n}" in values else value for n, value in enumerate(place))
    return tuple(slots), values


def sort_few(query: Any, keys: Sequence[OrderKey], *, beyond: Place | None = None, back: bool = False) -> list[Place]:
    """As `walk` for all rows of a query of few, which the database sorts: one select instead of one per range. The
    values are as stored, for `read_places`."""
    rows = query.select(*(key.column for key in keys)).order_by(*(key.sorted(back) for key in keys))
    if beyond is not None:
        ranges = [reduce(and_, part.where) for part in row_ranges_beyond(keys, beyond, back)]
        if not ranges:
            return []
        rows = rows.where(reduce(or_, ranges))
    return list(database.execute(rows))


def read_places(keys: Sequence[OrderKey], rows: Iterable[Place]) -> list[Place]:
    """The rows' values as the keys' fields return them."""
    return [tuple(_read(key, value) for key, value in zip(keys, row, strict=True)) for row in rows]


def keys_in_order(query: Any, keys: Sequence[OrderKey], limit: int) -> Iterator[Value]:
    """The primary keys of all rows in order: one statement, so one snapshot, and streamed rather than loaded."""
    selects = [_select(query, keys, part, limit, _names(keys)[-1:]) for part in row_ranges(keys)]
    rows = union_all(selects).limit(limit).bind(database).tuples()
    return (_read(keys[-1], value) for (value,) in rows.iterator())


def _read(key: OrderKey, value: Value) -> Value:
    """Convert the value by the key's field, which Peewee does not do for a column of a subselect."""
    return value if key.field is None else key.field.python_value(value)


def _names(keys: Sequence[OrderKey]) -> list[str]:
    return [f"k{place}" for place in range(len(keys))]


def _select(query: Any, keys: Sequence[OrderKey], part: RowRange, limit: int, names: Sequence[str]) -> Any:
    """The select of one range with the key columns of these names; its own limit lets the database stop early."""
    columns = [key.column.alias(name) for key, name in zip(keys, _names(keys), strict=True) if name in names]
    rows = query.select(*columns).order_by(*part.order).limit(limit)
    rows = (rows.where(reduce(and_, part.where)) if part.where else rows).alias("part")
    return pw.Select([rows], [getattr(rows.c, name) for name in names])
