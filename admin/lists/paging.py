"""Keyset paging: sort keys, places encoded in addresses, and the keys of one page."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Protocol

import peewee as pw

from models.store.base import canonical
from models.store.keyset import (
    Few,
    OrderKey,
    Place,
    Spread,
    kinds_of,
    present_values,
    read_places,
    sort_few,
)
from models.store.peewee_patches import has_index

MOST_KINDS = 30  # groups that are queried one after the other; for more, the rows are ranked
OF_ITS_ARGUMENT = ("LOWER", "COALESCE")  # functions whose result has the type of their argument


def field_of(column: Any) -> Any:
    """The Peewee field of a column of a model or of an alias."""
    return column.field if isinstance(column, pw.FieldAlias) else column


def list_order(model: type[pw.Model], columns: Sequence[tuple[Any, bool]]) -> list[OrderKey]:
    """The sort keys for (column, descending) pairs; the primary key comes last and makes the order total.

    The primary key takes the direction of the key before it, so that one index, read forwards or backwards, covers it.
    """
    keys = [_key(model, column, down) for column, down in columns]
    own: Any = model._meta.primary_key
    if keys and isinstance(keys[-1], Spread) and keys[-1].column is own:
        return keys
    return [*keys, Spread(own, keys[-1].down if keys else True, field=own)]


def _key(model: type[pw.Model], column: Any, down: bool) -> OrderKey:
    """A column as sort key: a tuple of conditions and a choice field as groups of rows; text case-insensitively."""
    if callable(column):
        column = column()
    if isinstance(column, tuple):
        return Few(column, down)
    if isinstance(column, pw.Function) and column.name in OF_ITS_ARGUMENT:
        return Spread(column, down, True, _field_within(column))
    field = field_of(column)
    own = column is field and model._meta.fields.get(getattr(field, "name", "")) is field
    if own and field.choices:
        return _by_choice(column, field, down)
    nullable = not own or field.null
    if isinstance(field, pw.CharField):
        return Spread(pw.fn.LOWER(column), down, nullable, field)
    return Spread(column, down, nullable, field if isinstance(field, pw.Field) else None)


def _by_choice(column: Any, field: pw.Field, down: bool) -> OrderKey:
    """One group of rows per value, each by its index; ranked if there are too many."""
    values = [value for value, _ in field.choices]
    kinds = Few(kinds_of(column, values, nullable=field.null), down)
    if len(kinds.kinds) > MOST_KINDS:
        return Spread(kinds.column, down)
    if has_index(field) and present_values(field) <= {*values}:
        kinds = replace(kinds, places=frozenset(range(len(kinds.kinds))) - {len(values)})
    return kinds


def _field_within(column: pw.Function) -> pw.Field | None:
    """The field within such a function, if there is one."""
    inner = column.arguments[0]
    field = field_of(inner)
    return _field_within(inner) if isinstance(inner, pw.Function) else field if isinstance(field, pw.Field) else None


def by_parent(key: pw.ForeignKeyField) -> Callable[[], tuple[Any, ...]]:
    """Sort by the names of few parents: one group of rows per parent."""

    def kinds() -> tuple[Any, ...]:
        parent = key.rel_model
        named = parent.select(parent.id).order_by(pw.fn.LOWER(parent.name), parent.id).tuples()
        return kinds_of(key, [number for (number,) in named], nullable=key.null, every=True)

    return kinds


LONGEST = 2_000  # characters of a place in an address
AFTER, BEFORE, TO_DAY, TO_NUMBER = "setelah", "sebelum", "tanggal", "nomor"
PLACES = (AFTER, BEFORE)  # query arguments for the place in a list
END_OF_LIST = "akhir"


def encoded_place(keys: Sequence[OrderKey], place: Place) -> str:
    return canonical([_plain(key, value) for key, value in zip(keys, place, strict=False)])


def _plain(key: OrderKey, value: Any) -> Any:
    if value is None or isinstance(key, Few) or key.field is None:
        return value
    stored = key.field.db_value(value)
    return stored if isinstance(stored, (bool, int, float, str)) else str(stored)


def decoded_place(keys: Sequence[OrderKey], text: str) -> Place | None:
    """Parse a place for these sort keys; None if it does not fit them."""
    try:
        typed = json.loads(text) if len(text) <= LONGEST else None
        if not isinstance(typed, list) or not 0 < len(typed) <= len(keys):
            return None
        return tuple(_value(key, one) for key, one in zip(keys, typed, strict=False))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _value(key: OrderKey, typed: Any) -> Any:
    """A parsed value of this key. ValueError for what the column cannot store."""
    if isinstance(key, Few):
        if type(typed) is not int or not 0 <= typed < len(key.kinds):
            raise ValueError("no such kind")
        return typed
    if typed is None:
        if not getattr(key, "nullable", False):
            raise ValueError("never empty")
        return None
    if isinstance(typed, (list, dict)) or (isinstance(typed, str) and "\0" in typed):
        raise ValueError("no value")
    if isinstance(typed, str):
        typed.encode()  # UnicodeEncodeError for a lone surrogate, which JSON can contain
    return _of_field(key.field, typed)


def _of_field(field: pw.Field | None, typed: Any) -> Any:
    """The value as the field returns it; sort keys without a field are integers."""
    if field is None or isinstance(field, (pw.IntegerField, pw.AutoField, pw.ForeignKeyField)):
        if type(typed) is not int or abs(typed) >= 2**31:
            raise ValueError("no whole number")
        return typed if field is None else field.python_value(typed)
    value = field.python_value(typed)
    if isinstance(field, (pw.DateTimeField, pw.DateField, pw.TimeField)) and not isinstance(value, (date, time)):
        raise ValueError("no moment")
    return value


PORTIONS = (60, 90, 250)  # batch sizes of the scan; if these do not fill a page, all matches are queried

TO_COUNT = (250, 750, 3_000)  # the same to count rows by an index of a filtered column

Among = Callable[[Sequence[int]], set[int]]  # ids -> those that match


class Walk(Protocol):
    """The signature of `models.store.keyset.walk` without query and keys."""

    def __call__(
        self, limit: int, *, beyond: Place | None = None, back: bool = False, offset: int = 0
    ) -> list[Place]: ...


def walk_scanning(
    walk: Walk,
    among: Among,
    limit: int,
    *,
    beyond: Place | None = None,
    back: bool = False,
    offset: int = 0,
    portions: Sequence[int] = (),
) -> list[Place] | None:
    """As `walk`, but filters its rows by `among`; None as soon as too few of them match."""
    portions = portions or PORTIONS
    wanted, looked_at, met = offset + limit, 0, list[Place]()
    for size in portions:
        nearest = walk(size, beyond=beyond, back=back)
        matching = among([place[-1] for place in nearest])
        met += [place for place in nearest if place[-1] in matching]
        if len(met) >= wanted or len(nearest) < size:
            return met[offset:wanted]
        beyond, looked_at = nearest[-1], looked_at + size
        if len(met) * sum(portions) < wanted * looked_at:
            return None
    return None


@dataclass(frozen=True)
class RequestedPage:
    """Where the page begins: after or before a place, at the end, or at an offset."""

    beyond: Place | None = None
    back: bool = False
    offset: int = 0


@dataclass(frozen=True)
class ListPage:
    """The page's places, whether rows come before and after it, and its first row's index if that is known."""

    keys: tuple[OrderKey, ...]
    places: tuple[Place, ...]
    before: bool
    behind: bool
    start: int | None = None

    @property
    def ids(self) -> list[int]:
        """The primary keys of the rows, the last element of each place."""
        return [place[-1] for place in self.places]


def page_of_few(query: Any, keys: Sequence[OrderKey], asked: RequestedPage, size: int, count: int) -> ListPage:
    """A page of a list whose rows are all counted, with its start index."""
    rest = sort_few(query, keys, beyond=asked.beyond, back=asked.back)
    if asked.back:
        rows, start = rest[:size][::-1], max(len(rest) - size, 0)
    else:
        rows, start = rest[asked.offset : asked.offset + size], count - len(rest) + asked.offset
    places = read_places(keys, rows)
    return ListPage(tuple(keys), tuple(places), start > 0, start + len(places) < count, start)


def page_of_many(walk: Walk, keys: Sequence[OrderKey], asked: RequestedPage, size: int) -> ListPage:
    """A page of a list with more than COUNTED rows."""
    rest = walk(size + 1, beyond=asked.beyond, back=asked.back, offset=asked.offset)
    places, more = tuple(rest[:size]), len(rest) > size
    if asked.back:
        return ListPage(tuple(keys), places[::-1], more, asked.beyond is not None, None if more else 0)
    if asked.beyond is None:
        return ListPage(tuple(keys), places, asked.offset > 0, more, asked.offset)
    before = not places or bool(walk(1, beyond=places[0], back=True))
    return ListPage(tuple(keys), places, before, more)
