"""The backup key: kept beside the panel's own, and written in groups that can be read aloud from paper."""

import contextlib
import os
import secrets
from hashlib import sha256
from pathlib import Path

LENGTH = 32  # bytes
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: nobody mistakes one for another
MISREAD = str.maketrans("ILO", "110")
DATA = 4  # symbols of a group, before the one that checks it
GROUPS = 13
FILE = "backup.key"
POLYNOMIAL = 0b100101  # of the field of 32 elements in which groups are checked

SHORT = "Kunci cadangan terdiri atas {} kelompok berisi {} huruf atau angka, jadi {}; yang diketik ada {}."
WRONG_GROUP = "Kelompok ke-{} tidak cocok; periksa lagi: {}"
STRANGE = "Kunci cadangan ini tidak dikenal; periksa kelompok pertama."


def key_from(var: Path) -> bytes:
    """The backup key kept under VAR_DIR, made for the first backup (owner-readable only)."""
    path = var / FILE
    if not path.exists():
        with contextlib.suppress(FileExistsError):  # somebody else has made it meanwhile
            keep(var, secrets.token_bytes(LENGTH))
    return bytes.fromhex(path.read_text().strip())


def keep(var: Path, key: bytes) -> None:
    """Lay the key under VAR_DIR; FileExistsError where there is one."""
    descriptor = os.open(var / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())


def mark_of(key: bytes) -> str:
    """By what a sheet and an archive are known to belong together; tells nothing of the key."""
    return sha256(b"panel-pengaduan/backup mark" + key).hexdigest()[:8].upper()


def in_groups(key: bytes) -> list[str]:
    """The key as it stands on paper: thirteen groups, the last symbol of each checks it and its place."""
    number = int.from_bytes(key)
    values = [number >> (5 * place) & 31 for place in reversed(range(GROUPS * DATA))]
    groups = [values[start : start + DATA] for start in range(0, len(values), DATA)]
    return [_group_text([*group, _check(place, group)]) for place, group in enumerate(groups, 1)]


def _group_text(values: list[int]) -> str:
    return "".join(SYMBOLS[value] for value in values)


def _check(place: int, group: list[int]) -> int:
    """A symbol that no single slip and no two neighbours that changed places leave right, nor a group elsewhere."""
    summed = 0
    for value in group:
        summed = _doubled(summed) ^ value
    return _doubled(summed) ^ place


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ POLYNOMIAL if value & 32 else value


class WrongGroup(ValueError):
    """One group cannot be right: its place, and all that was typed."""

    def __init__(self, place: int, groups: list[str]) -> None:
        super().__init__(WRONG_GROUP.format(place, groups[place - 1]))
        self.place, self.groups = place, groups

    def mended(self, group: str) -> str:
        """What was typed, with this group in the place of the wrong one."""
        return " ".join([*self.groups[: self.place - 1], group, *self.groups[self.place :]])


def read_groups(text: str) -> bytes:
    """The key that somebody typed from paper. WrongGroup in a sentence that names the group that cannot be right,
    ValueError where there are too few or too many."""
    size, groups = DATA + 1, text.upper().replace("-", " ").translate(MISREAD).split()
    if len(groups) != GROUPS:  # written together, or apart elsewhere
        written = "".join(groups)
        if len(written) != GROUPS * size:
            raise ValueError(SHORT.format(GROUPS, size, GROUPS * size, len(written)))
        groups = [written[start : start + size] for start in range(0, len(written), size)]
    number = 0
    for place, group in enumerate(groups, 1):
        values = [SYMBOLS.find(symbol) for symbol in group]
        if len(group) != size or -1 in values or _check(place, values[:DATA]) != values[DATA]:
            raise WrongGroup(place, groups)
        for value in values[:DATA]:
            number = number << 5 | value
    if number >> (8 * LENGTH):
        raise ValueError(STRANGE)
    return number.to_bytes(LENGTH)
