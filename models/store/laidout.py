"""A file of fixed size whose room on the disk is taken beforehand: a full disk cannot refuse what goes into it."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class LaidOut:
    """The file; for one at a time, among threads and among processes."""

    def __init__(self, path: Path, size: int, begins: bytes = b"") -> None:
        self.path, self.size = path, size
        self._lock = threading.RLock()
        self._file: int | None = None
        self._take_room(begins)

    @contextmanager
    def opened(self) -> Iterator[int]:
        """The file, locked; by whoever has it locked already, once more. FileNotFoundError if there is none."""
        with self._lock:
            if self._file is not None:
                yield self._file
                return
            self._file = os.open(self.path, os.O_RDWR)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX)
                yield self._file
            finally:
                os.close(self._file)
                self._file = None

    def _take_room(self, begins: bytes) -> None:
        """Once; a file that could not get its room whole is not there."""
        if self.path.exists() and self.path.stat().st_size:  # an empty one is what a power cut has left of it
            self.size = self.path.stat().st_size
            return
        begun = self.path.with_suffix(".tmp")
        try:
            with open(os.open(begun, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b") as file:
                os.posix_fallocate(file.fileno(), 0, self.size)
                file.write(begins)
                file.flush()
                os.fsync(file.fileno())
            begun.rename(self.path)
        except OSError:
            with suppress(OSError):  # no room even now: the panel goes on without it
                begun.unlink()
