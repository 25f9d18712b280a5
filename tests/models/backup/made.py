"""Backups as the tests make them: one that is good, and what it is about."""

from pathlib import Path

from models.backup.age import Spans
from models.backup.making import Source, make_backup
from models.tables.backup import Backup


def tried(source: Source, elsewhere: Path) -> Backup:
    return make_backup(source, str(elsewhere), Spans())


def good(source: Source, elsewhere: Path) -> Path:
    """The archive of a backup that was proven."""
    made = tried(source, elsewhere)
    assert made.fault == ""
    return elsewhere / made.name


def kept_in(elsewhere: Path) -> list[str]:
    """What lies in the place but the word of whose it is."""
    return sorted(path.name for path in elsewhere.iterdir() if path.suffix != ".pemasangan")
