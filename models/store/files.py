"""Stored files: encrypted under VAR_DIR by SHA-256; and preallocated files for use while the disk is full."""

import fcntl
import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import fsspec

from models.store.seal import Seal

log = logging.getLogger(__name__)
_root: list[str] = []


def install(var_dir: Path) -> None:
    """Store files under `var_dir`/files."""
    _root[:] = [str((var_dir / "files").resolve())]


@lru_cache(maxsize=1)
def _disk() -> fsspec.AbstractFileSystem:
    return fsspec.filesystem("file", auto_mkdir=True)


def store_file(plain: bytes, case: Seal, label: str) -> str:
    """Seal and store bytes; returns the relative path for the row, made of the hash of the stored bytes."""
    sealed = case.close(label, plain)
    name = hashlib.sha256(sealed).hexdigest()
    path = f"{name[:2]}/{name}"
    _write(sealed, f"{_root[0]}/{path}")
    return path


def _write(sealed: bytes, path: str) -> None:
    """Write atomically: a failed write leaves no file behind."""
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
    """fsync the folder, so that a new or renamed entry survives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_there(path: str) -> bool:
    """Whether the stored file exists."""
    return bool(_disk().exists(f"{_root[0]}/{path}"))


def delete(path: str) -> None:
    """Delete a stored file that no row refers to any more; nothing if it is gone. What cannot be deleted is logged and
    left, as the transaction is committed already: `check-files` names it."""
    try:
        Path(f"{_root[0]}/{path}").unlink(missing_ok=True)
    except OSError as fault:
        log.warning("%s is left: %s", path, fault.strerror)


def fetch(path: str, case: Seal, label: str) -> bytes:
    """The decrypted bytes of a stored file; BrokenSeal if they changed, FileNotFoundError if the file is missing."""
    with _disk().open(f"{_root[0]}/{path}", "rb") as file:
        return case.open(label, file.read())


@contextmanager
def exclusive() -> Iterator[None]:
    """A lock among the threads and processes that serve this folder of stored files; the end of a process frees it."""
    os.makedirs(_root[0], exist_ok=True)
    descriptor = os.open(_root[0], os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class PreallocatedFile:
    """A preallocated file with an exclusive lock among threads and processes."""

    def __init__(self, path: Path, size: int, begins: bytes = b"") -> None:
        self.path, self.size = path, size
        self._lock = threading.RLock()
        self._file: int | None = None
        self._allocate(begins)

    @contextmanager
    def opened(self) -> Iterator[int]:
        """The descriptor of the locked file, re-entrant within a thread. FileNotFoundError if there is none."""
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

    def _allocate(self, begins: bytes) -> None:
        """Allocate the file if it does not exist; without enough disk space there is no file."""
        if self.path.exists() and self.path.stat().st_size:  # an empty file is left over from a power failure
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
            with suppress(OSError):  # the panel runs without the file
                begun.unlink()
