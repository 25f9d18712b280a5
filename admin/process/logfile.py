"""A file of lines that is turned over when it is full, and that nobody else on this computer may read."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

SIZE, KEPT = 10 * 1024 * 1024, 9  # bytes of a file, and how many full ones stay beside it


class QuietFile(RotatingFileHandler):
    """A file that is turned over when it is full. A line that cannot be written is lost; its request is not."""

    def handleError(self, record: logging.LogRecord) -> None:
        """The disk may be what is full: whoever is answered need not know of it."""

    def _open(self) -> Any:
        return open(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def write_into(path: Path, log: logging.Logger) -> None:
    """What the log is told goes into this file, and nowhere else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.addHandler(QuietFile(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8"))
    log.setLevel(logging.INFO)
    log.propagate = False
