"""Files of a case, kept sealed under VAR_DIR by the SHA-256 of what lies there: temp, fsync, rename, then the row."""

import hashlib
import os
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
