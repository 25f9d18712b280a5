"""Queries whose SQL is built once and then only run, with the values of the day.

Peewee takes longer to build a query over the cases that a user may read than the database takes to answer it. What is
built is cached like values of master tables (`master_cache`): rights, and with them the SQL, follow from these tables.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.store import master_cache
from models.store.base import IDS, database
from models.store.peewee_patches import reader_of

Values = Mapping[str, Any]  # by the name of their slots, as the database stores them


@dataclass(frozen=True)
class _Slot:
    """A value that is given at each run."""

    name: str


def slot(name: str) -> pw.Value:
    """A place in a prepared query for a value as the database stores it, `run(…, name=value)`."""
    return pw.Value(_Slot(name), converter=False)


def moment_slot(name: str) -> Any:
    """The same for a moment as a column of its own, whose type PostgreSQL cannot tell."""
    place = slot(name)
    return place if isinstance(database.obj, pw.SqliteDatabase) else place.cast("timestamp")


def numbered(name: str, values: Iterable[Any]) -> Values:
    """Values for the slots `name0`, `name1`, …"""
    return {f"{name}{place}": value for place, value in enumerate(values)}


def is_given(column: Any) -> Any:
    """Condition of a prepared query: the column is one of the ids given at each run, `run(…, ids=…)`."""
    return column.in_(pw.NodeList((pw.SQL(f"({IDS}"), slot(IDS), pw.SQL(")"))))


_fixed: dict[tuple[object, ...], "_Prepared"] = {}


def run(key: tuple[object, ...], build: Callable[[], Any], ids: Iterable[int] = (), **values: Any) -> list[Any]:
    """The rows of the query that `build` makes, as the query itself would give them: instances, tuples, …

    The key names the query and all that its SQL depends on besides master tables, as `scope.shape` of the user."""
    prepared: _Prepared = master_cache.cached((run, *key), lambda: _Prepared(build()))
    return prepared.rows(ids, values)


def run_fixed(key: object, build: Callable[[], Any], ids: Iterable[int] = (), **values: Any) -> list[Any]:
    """The same for a query whose SQL depends on nothing but its key and the kind of database, nor on rights; one that
    writes has no rows."""
    place = (type(database.obj), key)
    if place not in _fixed:
        _fixed[place] = _Prepared(build())
    return _fixed[place].rows(ids, values)


class _Prepared:
    def __init__(self, query: Any) -> None:
        self.query = query
        self.read: Callable[[Any], Any] | None = None
        self.sql, self.parameters = database.get_sql_context().sql(query).query()

    def rows(self, ids: Iterable[int], values: Values) -> list[Any]:
        sql, wanted, parameters = self.sql, list({int(number): None for number in ids}), self.parameters
        if len(wanted) == 1:  # bound, as in `among`
            values = {**values, IDS: wanted[0]}
        else:
            sql = sql.replace(f"{IDS} {database.param}", ", ".join(map(str, wanted)) or "NULL")
            parameters = [value for value in parameters if value != _Slot(IDS)]
        bound = [values[value.name] if isinstance(value, _Slot) else value for value in parameters]
        cursor = database.execute_sql(sql, bound)
        if cursor.description is None:  # of a query that writes
            return []
        if self.read is None:
            self.read = reader_of(self.query, cursor)
        return [self.read(row) for row in cursor]
