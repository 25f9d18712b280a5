"""Tries that the database cannot count while its disk is full: counted in a file laid out beforehand.

It counts for all processes, and comes on top of what the database has counted, until the database takes it over.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from models.store.files import LaidOut

NAME = "masuk.cadangan"  # the file under VAR_DIR
SIZE = 128 * 1024  # bytes
MOST = 1000  # rows, of a hundred bytes each; of more, which somebody makes on purpose, the oldest go


@dataclass(frozen=True)
class CountedAside:
    """How often one key has failed, since when, and until when no try is looked at."""

    count: int
    first_at: datetime
    last_at: datetime
    open_at: datetime

    def once_more(self, at: datetime, open_at: datetime) -> "CountedAside":
        return replace(self, count=self.count + 1, last_at=at, open_at=open_at)


Rows = dict[str, CountedAside]


class TriesAside:
    """The file: JSON up to its first zero byte. It need not outlive a power cut, so nobody waits for the disk."""

    def __init__(self, path: Path) -> None:
        self._laid = LaidOut(path, SIZE)

    @contextmanager
    def held(self) -> Iterator[Rows]:
        """What is counted, to be changed in place; nobody else counts meanwhile. FileNotFoundError without the file."""
        with self._laid.opened() as file:
            rows = _read(file)
            yield rows
            _write(file, rows)

    def rows(self) -> Rows:
        """What is counted now."""
        try:
            with self._laid.opened() as file:
                return _read(file)
        except FileNotFoundError:
            return {}


def _read(file: int) -> Rows:
    if os.pread(file, 1, 0) in (b"", b"\0"):
        return {}
    text = os.pread(file, SIZE, 0).partition(b"\0")[0]
    try:
        return {key: _of_list(row) for key, row in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):  # an end in the middle of writing, which nobody outside can cause
        return {}


def _of_list(row: list[float]) -> CountedAside:
    count, *moments = row
    return CountedAside(int(count), *(datetime.fromtimestamp(moment, UTC) for moment in moments))


def _write(file: int, rows: Rows) -> None:
    latest = sorted(rows.items(), key=lambda row: row[1].last_at)[-MOST:]
    kept = {key: [row.count, *(moment.timestamp() for moment in astuple(row)[1:])] for key, row in latest}
    os.pwrite(file, json.dumps(kept).encode() + b"\0" if kept else b"\0", 0)


_aside: list[TriesAside] = []


def install(var: Path) -> None:
    """Keep the file under `var`."""
    _aside[:] = [TriesAside(var / NAME)]


def rows() -> Rows:
    """What is counted aside; nothing, but on a full disk."""
    return _aside[0].rows() if _aside else {}


@contextmanager
def held() -> Iterator[Rows]:
    """What is counted aside, to be changed in place. FileNotFoundError where it cannot be."""
    if not _aside:
        raise FileNotFoundError(NAME)
    with _aside[0].held() as counted:
        yield counted
