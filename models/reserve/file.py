"""A file of fixed size, laid out while there is room: what must be written down on a full disk is written into it.

It holds records one after the other, each sealed by who writes it. Nothing is ever added to the file's length, so a
full disk cannot refuse it; whatever is put in is on the disk before `put` returns.
"""

import fcntl
import os
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = 512 * 1024  # bytes: some three thousand records
TOKEN = 16  # bytes at the beginning that name this filling: drawn anew each time the file is emptied
_LENGTH = struct.Struct(">I")


class ReserveFull(Exception):
    """The file has no room for one more record."""


class Reserve:
    """The file, and how full it is. One record at a time, in one process or in several."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self.path, self.size = path, size
        self._lock = threading.RLock()
        self._file: int | None = None
        self._lay_out()

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
            os.pwrite(file, framed + bytes(_LENGTH.size), end)  # and a length of none: nothing follows
            os.fdatasync(file)

    def empty(self) -> None:
        """Nothing is in it any more. Cut short, it is empty or as it was: records go first, then the token."""
        with self._opened() as file:
            os.pwrite(file, bytes(self.size - TOKEN), TOKEN)
            os.fdatasync(file)
            os.pwrite(file, secrets.token_bytes(TOKEN), 0)
            os.fdatasync(file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else puts in or takes out meanwhile."""
        with self._opened():
            yield

    def _lay_out(self) -> None:
        """Take the room on the disk, once; a file that could not get it whole is not there."""
        if self.path.exists():
            self.size = self.path.stat().st_size
            return
        begun = self.path.with_suffix(".tmp")
        try:
            with open(os.open(begun, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b") as file:
                os.posix_fallocate(file.fileno(), 0, self.size)
                file.write(secrets.token_bytes(TOKEN))
            begun.rename(self.path)
        except OSError:
            with suppress(OSError):  # no room even now: the panel goes on without a reserve
                begun.unlink()

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, locked; by whoever has it locked already, once more."""
        with self._lock:
            if self._file is not None:
                yield self._file
                return
            try:
                self._file = os.open(self.path, os.O_RDWR)
            except FileNotFoundError as gone:
                raise ReserveFull from gone
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX)
                yield self._file
            finally:
                os.close(self._file)
                self._file = None

    def _walk(self, file: int) -> Iterator[tuple[int, bytes]]:
        """Each record and the place behind it."""
        data, place = os.pread(file, self.size, 0), TOKEN
        while place + _LENGTH.size <= len(data):
            (length,) = _LENGTH.unpack_from(data, place)
            place += _LENGTH.size + length
            if not length or place > len(data):
                return
            yield place, data[place - length : place]
