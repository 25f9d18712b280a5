"""Backups as the tests make them: one that is good, and what it is about."""

from pathlib import Path

from models.operations.backup_making import Source, Spans, make_backup
from models.store.backups import Backup


def tried(source: Source, elsewhere: Path) -> Backup:
    return make_backup(source, str(elsewhere), Spans())


def good(source: Source, elsewhere: Path) -> Path:
    """The archive of a backup that was proven."""
    made = tried(source, elsewhere)
    assert made.fault == ""
    return elsewhere / made.name


def names_in(elsewhere: Path) -> list[str]:
    """What lies in the place but the word of whose it is."""
    return sorted(path.name for path in elsewhere.iterdir() if path.suffix != ".pemasangan")
