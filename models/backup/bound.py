"""A place of backups belongs to one installation: what bears its mark is written there by nobody else."""

import json
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from models.backup import key as keys
from models.backup.frames import HEAD, mark_in
from models.backup.place import UNPROVEN, ArchiveFolder
from models.installation.installation import begin_installation, last_installation, own_marks
from models.installation.standing import TRIAL, this_machine
from sop.clock import WIB

NAME = "panel-{}.pemasangan"  # by the key's mark: several panels may keep their backups in one folder
LONGEST = 1024  # bytes
TAKEN, TAKE_BACK = "dipakai server lain sejak", "Ambil alih tempat cadangan"
OTHERS = (
    f"Tempat cadangan {{place}} {TAKEN} {{since}}. Bila server ini yang dipakai kantor, pilih “{TAKE_BACK}” "
    "pada halaman Cadangan; bila tidak, isi tempat lain."
)
OFFICES = "Tempat cadangan {place} milik panel kantor; panel latihan memakai tempat lain."
STRANGERS = "Di {place} sudah ada cadangan panel lain (tanda kunci {mark}). Pakai folder lain, satu untuk tiap panel."
UNKNOWN = "waktu yang tidak diketahui"


def claim(place: ArchiveFolder, key: bytes, word: str, at: datetime) -> None:
    """Write this installation's mark where there is none, or one of its own past; `word` says what this panel is.

    Of its past is also what this very server has written: an older database may lie in the place of a newer one.
    ValueError in a sentence where the place is another's, or the office's and this panel is for practice; or holds
    archives of another key alone: whoever brings one back takes the last that lies there.
    """
    last = last_installation() or begin_installation(this_machine(), at)
    holder = holder_of(place, key)
    if holder.mark == last.mark:
        return
    is_own = holder.mark in own_marks() or (last.machine and holder.machine == last.machine)
    if word == TRIAL and (is_own or (not holder.mark and of_key(place, place.archives(), key))):
        raise ValueError(OFFICES.format(place=place.url))
    if holder.mark and not is_own:
        raise ValueError(OTHERS.format(place=place.url, since=holder.since))
    if not holder.mark:
        _refuse_strangers(place, key)
    _write(place, key, {"id": last.mark, "machine": last.machine, "since": at.isoformat()})


def _write(place: ArchiveFolder, key: bytes, mark: dict[str, str]) -> None:
    """Aside first where names are given at once: cut off, what nobody can read would shut out the office itself."""
    name = NAME.format(keys.mark_of(key))
    begun = name + UNPROVEN if place.is_here else name
    with place.writing(begun) as file:
        file.write(json.dumps(mark).encode())
    if begun != name:
        place.rename(begun, name)


def _refuse_strangers(place: ArchiveFolder, key: bytes) -> None:
    names = place.archives()
    if names and not of_key(place, names, key):
        raise ValueError(STRANGERS.format(place=place.url, mark=mark_in(place.beginning(names[-1], HEAD))))


def is_taken(fault: str) -> bool:
    """Whether a backup was not made because the place is another installation's."""
    return TAKEN in fault


class Holder(NamedTuple):
    """Whose place it is: its mark, its server, and since when; "" where it is nobody's."""

    mark: str = ""
    machine: str = ""
    since: str = ""


def holder_of(place: ArchiveFolder, key: bytes) -> Holder:
    """Whose place it is, as the file of this key's mark says."""
    name = NAME.format(keys.mark_of(key))
    if name not in place.names():
        return Holder()
    with suppress(ValueError, LookupError, AttributeError, TypeError):
        said = json.loads(place.beginning(name, LONGEST))
        since = datetime.fromisoformat(said["since"]).astimezone(WIB)
        return Holder(str(said["id"]), str(said["machine"]), f"{since:%d-%m-%Y %H.%M}")
    return Holder("?", since=UNKNOWN)  # something lies there that nobody can read: not ours


def of_key(place: ArchiveFolder, names: list[str], key: bytes) -> list[str]:
    """Those that are sealed under this key, and those with nothing in them."""
    heads = {name: place.beginning(name, HEAD) for name in names}
    return [name for name in names if not heads[name] or mark_in(heads[name]) == keys.mark_of(key)]
