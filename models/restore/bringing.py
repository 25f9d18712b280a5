"""One file is brought back from the latest backup that holds it, its hash checked, to where it lay."""

import os
import re
from pathlib import Path

from models.backup import archive
from models.backup import key as keys
from models.backup.archive import FILES
from models.backup.frames import BrokenArchive, FrameReader
from models.backup.kept import is_sound
from models.backup.making import Source, working
from models.backup.place import ArchiveFolder
from models.restore.looking import UNREAD
from models.store.files import settle
from models.store.outage import why

PATH = re.compile(r"(?:[0-9a-f]{2}/)?[0-9a-f]{64}")
NO_NAME = "Ini bukan nama berkas panel; salin namanya dari `check-files`."
SOUND = "Berkas ini masih utuh; tidak ada yang perlu dikembalikan."
NOWHERE = "Berkas ini tidak ada di dalam cadangan mana pun di {}."


def bring_back(source: Source, path: str, place_url: str) -> str:
    """Lay a kept file back; the name of the archive that it came from. ValueError in a sentence if none holds it."""
    if not PATH.fullmatch(path):
        raise ValueError(NO_NAME)
    name = path[-64:]
    file, part = source.files / name[:2] / name, f"{FILES}/{name[:2]}/{name}"
    if is_sound(file):
        raise ValueError(SOUND)
    with working(source.var) as work:
        archived = _unpacked_from(ArchiveFolder(place_url), keys.key_from(source.var), part, work)
        _lay(work / part, file)
    return archived


def _unpacked_from(place: ArchiveFolder, key: bytes, part: str, work: Path) -> str:
    """The latest archive that holds the part, which is unpacked. ValueError in a sentence if none is to be had."""
    try:
        place.refuse_absent()
        for archived in reversed(place.archives()):
            if _picked(place, archived, key, part, work) and is_sound(work / part):
                return archived
    except OSError as unread:
        raise ValueError(UNREAD.format(why(unread))) from unread
    raise ValueError(NOWHERE.format(place.url))


def _picked(place: ArchiveFolder, archived: str, key: bytes, part: str, work: Path) -> bool:
    """Whether the archive holds it; a broken one holds nothing, and an older one may be whole."""
    try:
        with place.reading(archived) as opened:
            return archive.pick(FrameReader(opened, key), part, work)
    except BrokenArchive:
        return False


def _lay(picked: Path, file: Path) -> None:
    """On the disk before it bears its name, as every kept file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with picked.open("rb") as laid:
        os.fsync(laid.fileno())
    picked.replace(file)
    settle(file.parent)
