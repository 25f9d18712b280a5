"""Values computed from master data, cached per process until a row of any master table changes.

Triggers on all master tables (`Model.cached`) replace a random token in the transaction that writes; a process compares
it once per request, in the statement that finds the session, and once per transaction. Why a token and not a time or a
counter: docs/adr/0097.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cache
from typing import Any, TypeVar, cast

import peewee as pw

from models.store import statement_counters
from models.store.base import Model, all_models

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)
TOKENS = 4  # contents of the master tables whose values a process keeps: the present one, and those of open snapshots
KEYS = 1_500  # values in all, some of them per day or per user; a prepared query takes some 30 kB
_ABSENT = object()


class MasterToken(Model):
    """One row: a random token that stands for the present content of all master tables."""

    in_digest = False
    survives_restore = False  # a restored database gets one of its own at its first start

    token = pw.CharField(max_length=40)


TOKEN = MasterToken.select(MasterToken.token).where(MasterToken.id == 1)


class _Reading(threading.local):
    """What this thread last read: per request, and per transaction by its number."""

    in_request = False
    database: Any = None
    of_request: str | None = None
    of_transaction: tuple[int, str | None] = (0, None)


_reading = _Reading()
_lock = threading.Lock()
_values: dict[str, dict[Any, Any]] = {}  # by token, the latest one last


def begin_request() -> None:
    """From here to `end_request` this thread sees the master data of one moment, outside of transactions."""
    _reading.in_request, _reading.of_request = True, None
    statement_counters.take_written()


def end_request() -> None:
    _reading.in_request, _reading.of_request = False, None


def observe(token: str | None) -> None:
    """The token as read by another statement of this request, which saves one."""
    if _reading.in_request and not MasterToken._meta.database.in_transaction():
        statement_counters.take_written()
        _reading.of_request, _reading.database = token, _opened()


def cached(key: object, read: Callable[[], T]) -> T:
    """The value that `read` computes from master tables only, computed once per content of these tables. All threads
    share it: it must not be changed. The key names the function and all else that the value depends on, as the day.

    A value is cached only if the content was the same after it was read as before."""
    content = token()
    if content is None:
        return read()
    known = _known(content, key)
    if known is not _ABSENT:
        return cast(T, known)
    value = read()
    if _stored_token() == content:
        _keep(content, key, value)
    return value


def copied(row: Row) -> Row:
    """A cached row with its joined rows as new objects, for a reader who may change them or attach something."""
    twin = copy(row)
    for name, value in vars(row).items():
        setattr(twin, name, copy(value))
    twin.__rel__ = {name: copied(other) if isinstance(other, Model) else other for name, other in row.__rel__.items()}
    return twin


def rows_by_id(model: type[Row], wanted: Iterable[int | None] = ()) -> Mapping[int, Row]:
    """All rows of a short master table, shared by all threads; see `cached_rows`."""
    return cached_rows(("rows", model), lambda: {row.id: row for row in model.select().order_by(model.id)}, wanted)


def cached_rows(
    key: object, read: Callable[[], Mapping[int, Row]], wanted: Iterable[int | None] = ()
) -> Mapping[int, Row]:
    """Cached rows by id, with those that are wanted: a case that the request reads later than its master data may refer
    to a row made in between, from which on it sees newer master data."""
    rows = cached(key, read)
    if rows.keys() >= {number for number in wanted if number}:
        return rows
    _reading.of_request = None
    return cached(key, read)


def add_token(*, anew: bool) -> None:
    """Write the first token of a new or restored database; `anew` replaces one, as after a migration, which may have
    rebuilt a table without its triggers."""
    first = MasterToken.insert(id=1, token=secrets.token_hex(16))
    if anew:
        first.on_conflict(conflict_target=[MasterToken.id], preserve=[MasterToken.token]).execute()
    else:
        first.on_conflict_ignore().execute()


@cache
def cached_tables() -> frozenset[str]:
    """The tables whose triggers replace the token, and what stands for any table."""
    return frozenset(model._meta.table_name for model in all_models() if model.cached) | {statement_counters.ANY_TABLE}


def _opened() -> Any:
    """The database behind the proxy, which the models are bound to."""
    bound = MasterToken._meta.database
    return getattr(bound, "obj", bound)


def token() -> str | None:
    """The token of the master data that this thread sees: of the transaction, else of the request, else as stored now;
    None where nothing may be cached, as on another program's connection, of whose transactions nothing is known."""
    opened = _opened()
    if not isinstance(opened, statement_counters.Counted):
        return None
    if opened is not _reading.database or statement_counters.take_written() & cached_tables():
        _reading.database, _reading.of_request, _reading.of_transaction = opened, None, (0, None)
    if opened.in_transaction():
        number = statement_counters.transactions()
        if _reading.of_transaction[0] != number:
            _reading.of_transaction = (number, _stored_token())
            if _reading.of_transaction[1] != _reading.of_request:
                _reading.of_request = None  # what the rest of the request shows is not older than what it wrote
        return _reading.of_transaction[1]
    if not _reading.in_request:
        return _stored_token()
    if _reading.of_request is None:
        _reading.of_request = _stored_token()
    return _reading.of_request


def _stored_token() -> str | None:
    """None on a database that lacks the table: `flask check` and `flask diagnose` read one of an older version too."""
    try:
        token: str | None = TOKEN.clone().scalar()
    except (pw.OperationalError, pw.ProgrammingError):
        if MasterToken.table_exists():
            raise
        return None
    return token


def _known(token: str, key: object) -> object:
    """The value, which from now on is the one used last; `_ABSENT` without one."""
    with _lock:
        values = _values.get(token, {})
        known = values.pop(key, _ABSENT)
        if known is not _ABSENT:
            values[key] = known
    return known


def _keep(token: str, key: object, value: object) -> None:
    """Keep a value; those that were not used for longest make room, of the oldest content first."""
    with _lock:
        if token not in _values:
            for oldest in list(_values)[: len(_values) + 1 - TOKENS]:
                del _values[oldest]
        _values.setdefault(token, {})[key] = value
        for content in list(_values.values()):
            while content and sum(map(len, _values.values())) > KEYS:
                del content[next(iter(content))]
