"""A file of fixed size, laid out while there is room: what must be written down on a full disk is written into it.

It holds records one after the other, each sealed by who writes it. Nothing is ever added to the file's length, so a
full disk cannot refuse it; whatever is put in is on the disk before `put` returns.
"""

import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.store.laidout import LaidOut

SIZE = 512 * 1024  # bytes: some three thousand records
TOKEN = 16  # bytes at the beginning that name this filling: drawn anew each time the file is emptied
_LENGTH = struct.Struct(">I")


class ReserveFull(Exception):
    """The file has no room for one more record."""


class Reserve:
    """The file, and how full it is. One record at a time, in one process or in several."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._laid = LaidOut(path, size, secrets.token_bytes(TOKEN))

    @property
    def path(self) -> Path:
        return self._laid.path

    @property
    def size(self) -> int:
        return self._laid.size

    @property
    def token(self) -> bytes:
        """Of which filling the records are."""
        with self._opened() as file:
            return os.pread(file, TOKEN, 0)

    def records(self) -> list[bytes]:
        """What has been put in since the file was last emptied, in order."""
        if not self.path.exists():
            return []
        with self._opened() as file:
            return [record for _, record in self._walk(file)]

    def put(self, record: bytes) -> None:
        """Write one more record; it lies on the disk when this returns. ReserveFull if it does not fit."""
        with self._opened() as file:
            end = max((place for place, _ in self._walk(file)), default=TOKEN)
            framed = _LENGTH.pack(len(record)) + record
            if end + len(framed) + _LENGTH.size > self.size:
                raise ReserveFull
            if end == TOKEN:  # an emptying that was cut short has left the token of records that are gone
                self._begin(file)
            os.pwrite(file, framed + bytes(_LENGTH.size), end)  # and a length of none: nothing follows
            os.fdatasync(file)

    def empty(self) -> None:
        """Nothing is in it any more. Cut short, it is empty or as it was: records go first, then the token."""
        with self._opened() as file:
            os.pwrite(file, bytes(self.size - TOKEN), TOKEN)
            os.fdatasync(file)
            self._begin(file)

    def _begin(self, file: int) -> None:
        """A filling of its own: whatever is known of another one is not known of this."""
        os.pwrite(file, secrets.token_bytes(TOKEN), 0)
        os.fdatasync(file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else puts in or takes out meanwhile."""
        with self._opened():
            yield

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            with self._laid.opened() as file:
                yield file
        except FileNotFoundError as gone:
            raise ReserveFull from gone

    def _walk(self, file: int) -> Iterator[tuple[int, bytes]]:
        """Each record and the place behind it."""
        data, place = os.pread(file, self.size, 0), TOKEN
        while place + _LENGTH.size <= len(data):
            (length,) = _LENGTH.unpack_from(data, place)
            place += _LENGTH.size + length
            if not length or place > len(data):
                return
            yield place, data[place - length : place]
