"""Who works in a folder of data: panels that serve it hold a lock there together, whoever exchanges its data alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "layanan.kunci"  # under VAR_DIR
SERVED = "Panel sedang berjalan dari folder data ini. Hentikan dahulu (systemctl stop panel), lalu ulangi."
EXCHANGED = "Cadangan sedang dipulihkan ke folder data ini. Tunggu sampai selesai, lalu mulai lagi."

_held: dict[Path, int] = {}


def stays_in(path: Path, *, alone: bool = False) -> bool:
    """Whether this process gets the lock of that name; it then has it as long as it lives. Where none can be laid, as
    on a full disk, nobody is kept from serving: nothing could be brought back there, either."""
    try:
        lock = _locked(path, alone=alone)
    except OSError:
        return True
    if lock is None:
        return False
    _held[path] = lock
    return True


def leave(path: Path) -> None:
    """As the end of the process does."""
    os.close(_held.pop(path))


@contextmanager
def exchanging(var: Path) -> Iterator[None]:
    """Nobody serves this folder meanwhile: a panel would go on with what lay there before. ValueError in a sentence
    where one does. A folder of somebody else's is not ours to lock, nor to exchange."""
    if not os.access(var, os.W_OK | os.X_OK, effective_ids=True):
        yield
        return
    lock = _locked(var / NAME, alone=True)
    if lock is None:
        raise ValueError(SERVED)
    try:
        yield
    finally:
        os.close(lock)


def _locked(path: Path, *, alone: bool) -> int | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock
