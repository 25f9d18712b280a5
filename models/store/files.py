"""Kept files: sealed under VAR_DIR by SHA-256; and files of fixed size laid out for a full disk."""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import fsspec

from models.store.seal import Seal

_root: list[str] = []


def install(var_dir: Path) -> None:
    """Keep files under `var_dir`/files."""
    _root[:] = [str((var_dir / "files").resolve())]


@lru_cache(maxsize=1)
def _disk() -> fsspec.AbstractFileSystem:
    return fsspec.filesystem("file", auto_mkdir=True)


def keep(plain: bytes, case: Seal, label: str) -> str:
    """Seal and store bytes; the path (relative, by hash of the stored bytes) to put in the row."""
    sealed = case.close(label, plain)
    name = hashlib.sha256(sealed).hexdigest()
    path = f"{name[:2]}/{name}"
    _store(sealed, f"{_root[0]}/{path}")
    return path


def _store(sealed: bytes, path: str) -> None:
    """Whole or not at all: what could not be written to its end leaves nothing behind."""
    temporary, disk = f"{path}.tmp", _disk()
    try:
        with disk.open(temporary, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        disk.mv(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    settle(Path(path).parent)


def settle(folder: Path) -> None:
    """The new name, too, outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_there(path: str) -> bool:
    """Whether a kept file lies where it was put."""
    return bool(_disk().exists(f"{_root[0]}/{path}"))


def fetch(path: str, case: Seal, label: str) -> bytes:
    """The plain bytes of a kept file; BrokenSeal if they changed, FileNotFoundError if the file is gone."""
    with _disk().open(f"{_root[0]}/{path}", "rb") as file:
        return case.open(label, file.read())


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
