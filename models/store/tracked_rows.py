"""The rows counting as proof that the open transaction has written, until they are put into its history entry."""

import threading
from dataclasses import dataclass, field

import peewee as pw


@dataclass
class WrittenRows:
    """Of one table: rows added after key `since`, keys added, and the former state of changed rows by key."""

    since: int | None = None
    keys: set[int] = field(default_factory=set)
    before: dict[int, tuple[int | None, str]] = field(default_factory=dict)  # case id and hash

    def has_added(self, key: int) -> bool:
        return key in self.keys or (self.since is not None and key > self.since)


class _OpenTransaction(threading.local):
    """By thread, as each has one connection with one transaction at a time."""

    def __init__(self) -> None:
        self.tables: dict[type[pw.Model], WrittenRows] = {}


_open = _OpenTransaction()


def forget() -> None:
    """A transaction begins: drop what an earlier one wrote without a history entry."""
    _open.tables = {}


def taken() -> dict[type[pw.Model], WrittenRows]:
    """Return and reset the rows written so far."""
    tables, _open.tables = _open.tables, {}
    return tables


def added_after(model: type[pw.Model], key: int) -> None:
    """Rows are about to be inserted into a table whose largest key this is."""
    rows = rows_of(model)
    rows.since = key if rows.since is None else min(rows.since, key)


def added(model: type[pw.Model], *keys: int) -> None:
    rows_of(model).keys.update(keys)


def rows_of(model: type[pw.Model]) -> WrittenRows:
    return _open.tables.setdefault(model, WrittenRows())
