"""What a list is sorted by, as keys that an index can follow."""

from collections.abc import Callable, Sequence
from typing import Any

import peewee as pw

from models.store.keyset import Few, OrderKey, Spread, kinds_of

MOST_KINDS = 30  # that are asked for one after the other; of more, the rows are ranked
OF_ITS_ARGUMENT = ("LOWER", "COALESCE")  # functions that give what a column holds


def field_of(column: Any) -> Any:
    """The Peewee field behind a column, be it of a model or of an alias."""
    return column.field if isinstance(column, pw.FieldAlias) else column


def list_order(model: type[pw.Model], columns: Sequence[tuple[Any, bool]]) -> list[OrderKey]:
    """The keys of a list's order, each with whether it goes down; the table's own key last, so that all rows differ.

    Rows that are alike stand as the last key goes: so one index, read forwards or backwards, holds the order.
    """
    keys = [_key(model, column, down) for column, down in columns]
    own: Any = model._meta.primary_key
    if keys and isinstance(keys[-1], Spread) and keys[-1].column is own:
        return keys
    return [*keys, Spread(own, keys[-1].down if keys else True, field=own)]


def _key(model: type[pw.Model], column: Any, down: bool) -> OrderKey:
    """A column as a key: a tuple of conditions as few kinds of rows, so a choice; a text without regard to capitals."""
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
    """A column of choices: kind after kind by its index, or the rows ranked where these are very many."""
    kinds = Few(kinds_of(column, [value for value, _ in field.choices], nullable=field.null), down)
    return kinds if len(kinds.kinds) <= MOST_KINDS else Spread(kinds.column, down)


def _field_within(column: pw.Function) -> pw.Field | None:
    """The field whose values such a function gives, if it is asked of one."""
    inner = column.arguments[0]
    field = field_of(inner)
    return _field_within(inner) if isinstance(inner, pw.Function) else field if isinstance(field, pw.Field) else None


def by_parent(key: pw.ForeignKeyField) -> Callable[[], tuple[Any, ...]]:
    """A list's order by the names of a few parents: the rows of each, one parent after the other."""

    def kinds() -> tuple[Any, ...]:
        parent = key.rel_model
        named = parent.select(parent.id).order_by(pw.fn.LOWER(parent.name), parent.id).tuples()
        return kinds_of(key, [number for (number,) in named], nullable=key.null)

    return kinds
