"""How a row that counts as proof is hashed: by a key, over what lies there, ciphertext and all.

So a case that loses its key keeps its proof. A column that says nothing is left out: one that a later version adds,
empty in the rows of before, leaves their hashes as they are.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
import peewee as pw

from models.store import seal, witness
from models.store.base import Model, as_stored, database

HASH = 15  # bytes: what nobody guesses, in twenty letters


def _plain(value: Any) -> Any:
    """What JSON has no word for; bytes in a bracket of their own, so that no text says the same."""
    return [bytes(value).hex()] if isinstance(value, bytes | bytearray | memoryview) else str(value)


_LONG_WAY = json.JSONEncoder(separators=(",", ":"), default=_plain)


def as_text(value: Any) -> str:
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError:  # text that is no UTF-8 any more, as somebody has left it
        return _LONG_WAY.encode(value)


@dataclass(frozen=True)
class Shape:
    """How a table's rows are read and hashed."""

    table: str
    names: tuple[str, ...]
    silent: tuple[Any, ...]  # what says nothing, by column
    select: str  # the columns, the case and the key, of final rows
    key: str
    case: str
    person: bytes  # sets the hashes of one table apart from those of another

    def hash_of(self, row: Iterable[Any], key: bytes) -> str:
        """`row` begins with the columns."""
        columns = zip(self.names, row, self.silent, strict=False)
        text = as_text({name: value for name, value, silent in columns if value != silent})
        hashed = blake2b(text.encode(), digest_size=HASH, key=key, person=self.person)
        return b64encode(hashed.digest()).decode()


_SHAPES: dict[type[Model], Shape] = {}  # worked out once


def shape_of(model: type[Model]) -> Shape:
    if model not in _SHAPES:
        _SHAPES[model] = _shape_of(model)
    return _SHAPES[model]


def _shape_of(model: type[Model]) -> Shape:
    return shape_with(model, {field.column_name: _silent(field) for field in model._meta.sorted_fields})


def shape_with(model: type[Model], columns: Mapping[str, Any]) -> Shape:
    """With these columns, each with what says nothing in it; by name, so that their order is nobody's matter."""
    table, key = model._meta.table_name, f't."{model._meta.primary_key.column_name}"'
    left_out = {model._meta.fields[name].column_name for name in model.unproven}
    proven = sorted(set(columns) - left_out)
    case, join = _case_of(model)
    listed = ", ".join(f't."{name}"' for name in proven)
    final = 'NOT t."draft"' if "draft" in columns else "TRUE"
    return Shape(
        table,
        tuple(proven),
        tuple(columns[name] for name in proven),
        f'SELECT {listed}, {case}, {key} FROM "{table}" t {join} WHERE {final}',  # noqa: S608 - names of our own models
        key,
        case,
        blake2b(table.encode(), digest_size=blake2b.PERSON_SIZE).digest(),
    )


def _silent(field: pw.Field) -> Any:
    if field.null:
        return None
    return "" if isinstance(field, pw.CharField | pw.TextField) else 0


def _case_of(model: type[Model]) -> tuple[str, str]:
    """The case that a row is of, in SQL, and what must be joined to know it: a paper's mark is of the paper's case."""
    if model._meta.table_name == "complaint":
        return 't."id"', ""
    if "complaint" in model._meta.fields:
        return 't."complaint_id"', ""
    for field in model._meta.sorted_fields:
        if isinstance(field, pw.ForeignKeyField) and "complaint" in field.rel_model._meta.fields:
            there = field.rel_model._meta
            return 'o."complaint_id"', f'LEFT JOIN "{there.table_name}" o ON o."id" = t."{field.column_name}"'
    return "NULL", ""


def hashed_rows(model: type[Model], condition: str) -> Iterator[tuple[int | None, int, str]]:
    """Case, key and hash of the final rows of which the condition (in SQL) holds."""
    return rows_in_shape(shape_of(model), condition)


def rows_in_shape(shape: Shape, condition: str) -> Iterator[tuple[int | None, int, str]]:
    """The same, of a table that is not yet, or no longer, as its model has it."""
    key = seal.ring().rows
    as_it_lies = isinstance(database.obj, pw.SqliteDatabase)
    for row in database.execute_sql(f"{shape.select} AND ({condition})"):
        yield row[-2], row[-1], shape.hash_of(row if as_it_lies else map(as_stored, row), key)


def keys_among(model: type[Model], keys: Iterable[int]) -> str:
    """The condition, in SQL, that a row has one of these keys."""
    return f"{shape_of(model).key} IN ({', '.join(str(int(key)) for key in keys) or 'NULL'})"


def rewrites(model: type[Model], keys: Iterable[int]) -> None:
    """Note what these rows are before they are changed or removed: call just before, inside the transaction.

    Else whatever somebody has done to them behind the panel's back would be told as the act's own. Of a table whose
    rows are no proof there is nothing to note.
    """
    if not model.proves():
        return
    rows = witness.rows_of(model)
    fresh = [key for key in keys if key not in rows.before and not rows.has_added(key)]
    if fresh:
        rows.before |= {key: (case, row) for case, key, row in hashed_rows(model, keys_among(model, fresh))}
