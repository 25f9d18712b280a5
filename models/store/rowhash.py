"""Keyed hashes of rows that count as proof, over the stored values, ciphertext included.

So a case whose key was destroyed can still be verified. Empty columns are left out: a column added by a later version
does not change the hashes of older rows.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
import peewee as pw

from models.store import seal, tracked_rows
from models.store.base import Model, as_stored, database

HASH = 15  # bytes: twenty characters in Base64


def _plain(value: Any) -> Any:
    """Types that JSON does not have; bytes as a list, so that they differ from any text."""
    return [bytes(value).hex()] if isinstance(value, bytes | bytearray | memoryview) else str(value)


_SLOW_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain)


def as_text(value: Any) -> str:
    return _as_bytes(value).decode()


def _as_bytes(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_plain)
    except TypeError:  # invalid UTF-8
        return _SLOW_ENCODER.encode(value).encode()


@dataclass(frozen=True)
class Shape:
    """How a table's rows are selected and hashed."""

    table: str
    names: tuple[str, ...]
    silent: tuple[Any, ...]  # the empty value of each column
    select: str  # SQL: columns, case id and primary key of final rows
    key: str
    case: str
    person: bytes  # BLAKE2 personalisation, different for each table

    def hash_of(self, row: Iterable[Any], key: bytes) -> str:
        """The hash; `row` begins with the columns."""
        columns = zip(self.names, row, self.silent, strict=False)
        text = _as_bytes({name: value for name, value, silent in columns if value != silent})
        hashed = blake2b(text, digest_size=HASH, key=key, person=self.person)
        return b64encode(hashed.digest()).decode()


_SHAPES: dict[type[Model], Shape] = {}  # cache


def shape_of(model: type[Model]) -> Shape:
    if model not in _SHAPES:
        empty_values = {field.column_name: _empty_value(field) for field in model._meta.sorted_fields}
        _SHAPES[model] = shape_with(model, empty_values)
    return _SHAPES[model]


def shape_with(model: type[Model], columns: Mapping[str, Any]) -> Shape:
    """A shape with these columns and their empty values; sorted by name, so that column order does not matter."""
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


def _empty_value(field: pw.Field) -> Any:
    if field.null:
        return None
    return "" if isinstance(field, pw.CharField | pw.TextField) else 0


def _case_of(model: type[Model]) -> tuple[str, str]:
    """SQL of the row's case id and of the join for it: a row that belongs to a paper has the paper's case."""
    if model._meta.table_name == "complaint":
        return 't."id"', ""
    if "complaint" in model._meta.fields:
        return 't."complaint_id"', ""
    for field in model._meta.sorted_fields:
        if isinstance(field, pw.ForeignKeyField) and "complaint" in field.rel_model._meta.fields:
            parent = field.rel_model._meta
            return 'o."complaint_id"', f'LEFT JOIN "{parent.table_name}" o ON o."id" = t."{field.column_name}"'
    return "NULL", ""


def hashed_rows(model: type[Model], condition: str, bound: Sequence[int] = ()) -> Iterator[tuple[int | None, int, str]]:
    """Case id, primary key and hash of the final rows that match the SQL condition with its parameters."""
    return rows_in_shape(shape_of(model), condition, bound)


def rows_in_shape(shape: Shape, condition: str, bound: Sequence[int] = ()) -> Iterator[tuple[int | None, int, str]]:
    """The same with a given shape, for a table whose columns differ from its model's, as in a migration."""
    key = seal.ring().rows
    is_sqlite = isinstance(database.obj, pw.SqliteDatabase)
    for row in database.execute_sql(f"{shape.select} AND ({condition})", bound):
        yield row[-2], row[-1], shape.hash_of(row if is_sqlite else map(as_stored, row), key)


def keys_among(model: type[Model], keys: Iterable[int]) -> tuple[str, list[int]]:
    """SQL condition with its parameters: the row has one of these primary keys; a single one is bound as by `among`."""
    wanted = [int(key) for key in keys]
    if len(wanted) == 1:
        return f"{shape_of(model).key} = {database.param}", wanted
    return f"{shape_of(model).key} IN ({', '.join(map(str, wanted)) or 'NULL'})", []


def record_hashes_before_change(model: type[Model], keys: Iterable[int]) -> None:
    """Record the hashes of these rows before they are changed or deleted: call just before, inside the transaction.

    Otherwise an earlier change outside the panel would be attributed to this act. Does nothing for a table whose rows
    do not count as proof.
    """
    if not model.proves():
        return
    rows = tracked_rows.rows_of(model)
    fresh = [key for key in keys if key not in rows.before and not rows.has_added(key)]
    if fresh:
        rows.before |= {key: (case, row) for case, key, row in hashed_rows(model, *keys_among(model, fresh))}
