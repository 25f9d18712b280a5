"""Which rows that count as proof the open transaction has written, until its entry of the history takes them over."""

import threading
from dataclasses import dataclass, field

import peewee as pw


@dataclass
class WrittenRows:
    """Of one table: what came after which key, which keys were added, and of those changed what they were before."""

    since: int | None = None
    keys: set[int] = field(default_factory=set)
    before: dict[int, tuple[int | None, str]] = field(default_factory=dict)  # the case and the hash

    def has_added(self, key: int) -> bool:
        return key in self.keys or (self.since is not None and key > self.since)


class _OpenTransaction(threading.local):
    """A thread has one connection, and that one transaction at a time."""

    def __init__(self) -> None:
        self.tables: dict[type[pw.Model], WrittenRows] = {}


_open = _OpenTransaction()


def forget() -> None:
    """A transaction begins: whatever another one wrote and never told is not of this one."""
    _open.tables = {}


def taken() -> dict[type[pw.Model], WrittenRows]:
    """What was written so far, each row told once."""
    tables, _open.tables = _open.tables, {}
    return tables


def added_after(model: type[pw.Model], key: int) -> None:
    """Rows are added to the table whose largest key this is."""
    rows = rows_of(model)
    rows.since = key if rows.since is None else min(rows.since, key)


def added(model: type[pw.Model], *keys: int) -> None:
    rows_of(model).keys.update(keys)


def rows_of(model: type[pw.Model]) -> WrittenRows:
    return _open.tables.setdefault(model, WrittenRows())
