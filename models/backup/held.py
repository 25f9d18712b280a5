"""Archives that are held: until a day none is let go, whatever its age; a file beside each says until when, and why.

The file lies in the place of the backups, so that whatever thins them knows it, a panel of another version as well.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta

from models.backup.place import ArchiveFolder

HELD = ".tahan"  # beside an archive
LASTS = timedelta(days=30)
LONGEST = 4096  # bytes of such a file


def hold(place: ArchiveFolder, name: str, why: str, until: date) -> None:
    """From now on this archive stays until a day has passed."""
    with place.writing(name + HELD) as file:
        file.write(json.dumps({"until": until.isoformat(), "why": why}, ensure_ascii=False).encode())


def held_names(place: ArchiveFolder, names: Iterable[str], today: date) -> set[str]:
    """Those of the archives whose day has not passed."""
    marked = set(place.names())
    return {name for name in names if name + HELD in marked and _until(place, name) >= today}


def _until(place: ArchiveFolder, name: str) -> date:
    """What cannot be read holds for ever: somebody meant to keep that archive."""
    try:
        return date.fromisoformat(json.loads(place.beginning(name + HELD, LONGEST))["until"])
    except (ValueError, KeyError, TypeError):
        return date.max
