"""Failed sign-ins while the disk is full and the database cannot count them: counted in a preallocated file.

The file is shared by all processes; its counts are added to those of the database until they can be moved there.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from models.store.files import PreallocatedFile

NAME = "masuk.cadangan"  # the file under VAR_DIR
SIZE = 128 * 1024  # bytes
MOST = 1000  # rows of 100 bytes each; above that, which only an attack reaches, the oldest are dropped


@dataclass(frozen=True)
class CountedInFile:
    """The failures of one key, since when, and until when no attempt is checked."""

    count: int
    first_at: datetime
    last_at: datetime
    open_at: datetime

    def once_more(self, at: datetime, open_at: datetime) -> "CountedInFile":
        return replace(self, count=self.count + 1, last_at=at, open_at=open_at)


Rows = dict[str, CountedInFile]


class TriesFile:
    """The file: JSON up to the first zero byte. It need not survive a power failure, so there is no fsync."""

    def __init__(self, path: Path) -> None:
        self._laid = PreallocatedFile(path, SIZE)

    @contextmanager
    def locked_counts(self) -> Iterator[Rows]:
        """The counts, to be changed in place under a lock. FileNotFoundError without the file."""
        with self._laid.opened() as file:
            rows = _read(file)
            yield rows
            _write(file, rows)

    def rows(self) -> Rows:
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
        return {
            key: CountedInFile(int(count), *(datetime.fromtimestamp(moment, UTC) for moment in moments))
            for key, (count, *moments) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError):  # a process killed while writing
        return {}


def _write(file: int, rows: Rows) -> None:
    latest = sorted(rows.items(), key=lambda row: row[1].last_at)[-MOST:]
    lists = {key: [row.count, *(moment.timestamp() for moment in astuple(row)[1:])] for key, row in latest}
    os.pwrite(file, json.dumps(lists).encode() + b"\0" if lists else b"\0", 0)


_installed: list[TriesFile] = []


def install(var: Path) -> None:
    """Use the file under `var`."""
    _installed[:] = [TriesFile(var / NAME)]


def rows() -> Rows:
    """The counts of the file; empty unless the disk is or was full."""
    return _installed[0].rows() if _installed else {}


@contextmanager
def locked_counts() -> Iterator[Rows]:
    """The counts of the file, to be changed in place. FileNotFoundError without the file."""
    if not _installed:
        raise FileNotFoundError(NAME)
    with _installed[0].locked_counts() as counted:
        yield counted
