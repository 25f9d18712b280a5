"""Rows in an order, from any place of it on and both ways: by keys, so that the last page costs what the first does.

An order is a row of keys; the last is the table's own, so that no two rows stand at one place. Each stretch of rows
that an index holds in order is a select of its own, and the stretches follow each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Protocol

import peewee as pw

from models.store.base import database

Value = Any  # what a row holds under a key
Place = tuple[Value, ...]  # a row's values under the keys; under fewer of them it stands before or behind many rows


@dataclass(frozen=True)
class Stretch:
    """Rows that fulfil some conditions, and in which order they stand."""

    where: tuple[pw.Expression, ...] = ()
    order: tuple[Any, ...] = ()

    def within(self, condition: Any) -> "Stretch":
        return Stretch((condition, *self.where), self.order)


class OrderKey(Protocol):
    """What rows are ordered by: how it reads, its whole stretch, and what is at or beyond one of its values."""

    @property
    def down(self) -> bool: ...

    @property
    def column(self) -> Any: ...

    @property
    def field(self) -> pw.Field | None: ...

    def sorted(self, back: bool) -> Any: ...

    def at(self, value: Value) -> Any: ...

    def whole(self, rest: "Sequence[OrderKey]", back: bool) -> list[Stretch]: ...

    def beyond(self, value: Value, rest: "Sequence[OrderKey]", back: bool) -> list[Stretch]: ...


@dataclass(frozen=True)
class Spread:
    """A column of many values; rows without one stand last, whichever way it is sorted."""

    column: Any
    down: bool = False
    nullable: bool = False
    field: pw.Field | None = None

    def sorted(self, back: bool) -> Any:
        nulls = ("FIRST" if back else "LAST") if self.nullable else None
        return self.column.desc(nulls=nulls) if self.down != back else self.column.asc(nulls=nulls)

    def at(self, value: Value) -> Any:
        return self.column.is_null() if value is None else self.column == value

    def whole(self, rest: Sequence[OrderKey], back: bool) -> list[Stretch]:
        parts = [self._valued(rest, back), *self._lacking(rest, back)]
        return parts[1:] + parts[:1] if back else parts

    def beyond(self, value: Value, rest: Sequence[OrderKey], back: bool) -> list[Stretch]:
        if value is None:
            return [self._valued(rest, back)] if back else []
        farther = self.column < value if self.down != back else self.column > value
        return [self._valued(rest, back, farther), *([] if back else self._lacking(rest, back))]

    def _valued(self, rest: Sequence[OrderKey], back: bool, farther: Any = None) -> Stretch:
        order = self.column.desc() if self.down != back else self.column.asc()
        here = farther if farther is not None else self.column.is_null(False) if self.nullable else None
        return Stretch(() if here is None else (here,), (order, *(key.sorted(back) for key in rest)))

    def _lacking(self, rest: Sequence[OrderKey], back: bool) -> list[Stretch]:
        return [one.within(self.column.is_null()) for one in stretches(rest, back)] if self.nullable else []


@dataclass(frozen=True)
class Few:
    """Rows in a few kinds, one kind after the other: each is a condition, and none is left out; of which kinds the rows
    are that are asked for may be known."""

    kinds: tuple[Any, ...]
    down: bool = False
    places: frozenset[int] | None = None

    @property
    def field(self) -> None:
        """A kind is told by its place."""

    @property
    def column(self) -> Any:
        return pw.Case(None, [(kind, pw.SQL(str(place))) for place, kind in enumerate(self.kinds)])

    def sorted(self, back: bool) -> Any:
        return self.column.desc() if self.down != back else self.column.asc()

    def at(self, value: Value) -> Any:
        return self.kinds[value]

    def whole(self, rest: Sequence[OrderKey], back: bool) -> list[Stretch]:
        return self._of(range(len(self.kinds)), rest, back)

    def beyond(self, value: Value, rest: Sequence[OrderKey], back: bool) -> list[Stretch]:
        lower = self.down != back
        return self._of(range(value) if lower else range(value + 1, len(self.kinds)), rest, back)

    def _of(self, places: range, rest: Sequence[OrderKey], back: bool) -> list[Stretch]:
        turned = places[::-1] if self.down != back else places
        held = [place for place in turned if self.places is None or place in self.places]
        return [one.within(self.kinds[place]) for place in held for one in stretches(rest, back)]


def kinds_of(column: Any, values: Sequence[Any], *, nullable: bool = False) -> tuple[Any, ...]:
    """A column of few values as the kinds of a `Few`: in this order, then any other value, then none."""
    others = column.not_in(list(values)) if values else column.is_null(False)
    return (*(column == value for value in values), others, *([column.is_null()] if nullable else []))


def stretches(keys: Sequence[OrderKey], back: bool = False) -> list[Stretch]:
    """All rows, stretch by stretch."""
    return keys[0].whole(keys[1:], back) if keys else [Stretch()]


def stretches_beyond(keys: Sequence[OrderKey], place: Place, back: bool = False) -> list[Stretch]:
    """The rows behind a place, or before it."""
    if not place:
        return []
    value, key, rest = place[0], keys[0], keys[1:]
    same = [one.within(key.at(value)) for one in stretches_beyond(rest, place[1:], back)]
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
    """Rows of a query in order, each as its values under the keys: from a place on, or from the first (or last) one.

    `back` walks from there to the beginning, and so gives the nearest first.
    """
    parts = stretches(keys, back) if beyond is None else stretches_beyond(keys, beyond, back)
    selects = [_select(query, keys, part, limit + offset, _names(keys)) for part in parts]
    if not selects:
        return []
    joined = reduce(lambda one, other: one.union_all(other), selects)
    found = joined.limit(limit).offset(offset).bind(database).tuples()
    return [tuple(_read(key, value) for key, value in zip(keys, row, strict=True)) for row in found]


def keys_in_order(query: Any, keys: Sequence[OrderKey], limit: int) -> Iterator[Value]:
    """The tables' own keys of all rows in order: one statement, so that they are those of one moment, none kept."""
    selects = [_select(query, keys, part, limit, _names(keys)[-1:]) for part in stretches(keys)]
    joined = reduce(lambda one, other: one.union_all(other), selects)
    return (_read(keys[-1], value) for (value,) in joined.limit(limit).bind(database).tuples().iterator())


def _read(key: OrderKey, value: Value) -> Value:
    """The value as the key's field gives it: beneath a select within a select it comes as it lies there."""
    return value if key.field is None else key.field.python_value(value)


def _names(keys: Sequence[OrderKey]) -> list[str]:
    return [f"k{place}" for place in range(len(keys))]


def _select(query: Any, keys: Sequence[OrderKey], part: Stretch, limit: int, names: Sequence[str]) -> Any:
    """One stretch, of its keys those of these names; the limit inside of it lets the database stop where enough is
    found."""
    columns = [key.column.alias(name) for key, name in zip(keys, _names(keys), strict=True) if name in names]
    rows = query.select(*columns).order_by(*part.order).limit(limit)
    rows = (rows.where(reduce(and_, part.where)) if part.where else rows).alias("part")
    return pw.Select([rows], [getattr(rows.c, name) for name in names])
