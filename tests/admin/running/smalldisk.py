"""A small disk of its own, in memory, so that a test can fill it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import LONGEST


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """The folder on a disk of this size, as `mount` writes it; the test is skipped where none may be made."""
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(words, check=False, capture_output=True, timeout=LONGEST).returncode:
        pytest.skip("only root may make a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=LONGEST)
