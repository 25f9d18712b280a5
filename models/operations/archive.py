"""A backup's archive: its key, sealed frames, and a manifest of all hashes."""

import contextlib
import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

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


MAGIC = b"PANEL-CADANGAN-1"
SALT = 32
MARK = 8
HEAD = len(MAGIC) + MARK + SALT
FRAME = 1 << 20  # bytes of plain text in all frames but the last
TAG = 16
CHANGED = "Cadangan ini rusak atau berubah; isinya tidak dapat dipercaya."
FOREIGN = "Berkas ini bukan cadangan panel."
OTHER_KEY = "Kunci cadangan ini bukan kunci berkas tersebut: tandanya {}, tanda pada berkas {}."


class BrokenArchive(ValueError):
    """The archive does not hold, whole and unchanged, what a backup put into it; the message is a sentence."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"panel-pengaduan/backup").derive(key))


def mark_in(head: bytes) -> str:
    """The mark of the key that the archive which begins so is sealed under."""
    return head[len(MAGIC) : len(MAGIC) + MARK].decode(errors="replace")


def _nonce(number: int, *, last: bool) -> bytes:
    """Every archive has a key of its own, so a frame's place is nonce enough; the last says that it is."""
    return number.to_bytes(11) + bytes([last])


class FrameWriter:
    """Seals what is written to it; `close` ends the stream (not the file). Knows the SHA-256 of what it has written."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        salt = os.urandom(SALT)
        self._out, self._cipher = out, _cipher(key, salt)
        self._head = MAGIC + mark_of(key).encode() + salt
        self._waiting, self._number = bytearray(), 0
        self.hashed, self.size = sha256(), 0
        self._put(self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > FRAME:  # one byte more: the frame is not the last
            self._seal(last=False)
        return len(data)

    def close(self) -> None:
        self._seal(last=True)

    def _seal(self, *, last: bool) -> None:
        plain = bytes(self._waiting[:FRAME])
        del self._waiting[:FRAME]
        self._put(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._head))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self.hashed.update(data)
        self.size += len(data)


class FrameReader:
    """Opens a sealed stream frame by frame. BrokenArchive once something is not as it was sealed."""

    def __init__(self, source: IO[bytes], key: bytes) -> None:
        self._source, self._number = source, 0
        self._head = _exactly(source, HEAD)
        self.mark = mark_in(self._head)
        if not self._head.startswith(MAGIC):
            raise BrokenArchive(FOREIGN)
        if self.mark != mark_of(key):
            raise BrokenArchive(OTHER_KEY.format(mark_of(key), self.mark))
        self._cipher = _cipher(key, self._head[-SALT:])
        self._plain, self._next = b"", _exactly(source, FRAME + TAG)
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._plain and not self._ended:
            self._open()
        piece, self._plain = self._plain[:size], self._plain[size:]
        return piece

    def drain(self) -> None:
        """Read on to the end, so that a stream that was cut short does not pass."""
        while self.read(FRAME):
            pass

    def _open(self) -> None:
        sealed, self._next = self._next, _exactly(self._source, FRAME + TAG)
        last = not self._next
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, last=last), sealed, self._head)
        except (InvalidTag, ValueError) as broken:
            raise BrokenArchive(CHANGED) from broken
        self._number += 1
        self._ended = last


def _exactly(source: IO[bytes], size: int) -> bytes:
    """So many bytes, fewer only at the end: what lies far away may hand over less at a time."""
    read = bytearray()
    while len(read) < size:
        piece = source.read(size - len(read))
        if not piece:
            break
        read += piece
    return bytes(read)


MANIFEST, KEY, FILES = "manifest.json", "panel.key", "files"
FORMAT = 1
PARTS = re.compile(r"database\.(sqlite\.gz|dump)|panel\.key|files/[0-9a-f]{2}/[0-9a-f]{64}")
INCOMPLETE = "Cadangan ini tidak lengkap: {}."
NEWER = "Cadangan ini dibuat panel yang lebih baru; pasang versi itu dahulu."


@dataclass(frozen=True)
class Manifest:
    """What an archive holds and what it must say once it is restored; it lies in it as the last part."""

    at: str
    engine: str
    digest: str
    shape: str
    entries: int  # of the history
    migrations: list[str]
    parts: dict[str, str] = field(default_factory=dict)  # by name, the SHA-256 of each
    lacking: list[str] = field(default_factory=list)  # files that rows name and that were gone or changed at the source
    format: int = FORMAT

    @classmethod
    def of(cls, data: bytes) -> Self:
        """As it lies in an archive. BrokenArchive if a newer panel wrote it."""
        told = json.loads(data)
        if told.get("format") != FORMAT:
            raise BrokenArchive(NEWER)
        return cls(**told)

    def bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


def pack(parts: Iterable[tuple[str, Path]], manifest: Manifest, out: FrameWriter) -> None:
    """Write the parts and then the manifest, which by then names their hashes, and end the stream."""
    with tarfile.open(fileobj=out, mode="w|", bufsize=FRAME) as tar:  # type: ignore[call-overload]
        for name, path in parts:
            manifest.parts[name] = _added(tar, name, path)
        told = manifest.bytes()
        tar.addfile(_part_head(MANIFEST, len(told)), io.BytesIO(told))
    out.close()


def _part_head(name: str, size: int) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o600
    return head


def _added(tar: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        watched = _Hashing(file)
        tar.addfile(_part_head(name, path.stat().st_size), watched)
    return watched.hashed.hexdigest()


class _Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.hashed = file, sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.hashed.update(piece)
        return piece


def unpack(reader: FrameReader, folder: Path) -> Manifest:
    """Lay the parts into a folder. BrokenArchive if one is missing, too many, or not as the manifest says."""
    parts: dict[str, str] = {}
    manifest: Manifest | None = None
    for name, file in _parts(reader):
        if name == MANIFEST:
            manifest = Manifest.of(file.read())
        else:
            parts[name] = _laid(file, folder / name)
    reader.drain()
    if manifest is None or manifest.parts != parts:
        raise BrokenArchive(INCOMPLETE.format("isinya tidak sama dengan daftarnya"))
    return manifest


def pick(reader: FrameReader, part: str, folder: Path) -> bool:
    """Lay only this part into a folder; whether it is there. What comes after it is not read."""
    for name, file in _parts(reader):
        if name == part:
            _laid(file, folder / name)
            return True
    return False


def _parts(reader: FrameReader) -> Iterator[tuple[str, IO[bytes]]]:
    """The parts in their order; BrokenArchive for a name that no backup bears."""
    try:
        with tarfile.open(fileobj=reader, mode="r|", bufsize=FRAME) as tar:  # type: ignore[call-overload]
            for head in tar:
                file = tar.extractfile(head) if head.isreg() else None
                if file is None or not (head.name == MANIFEST or PARTS.fullmatch(head.name)):
                    raise BrokenArchive(INCOMPLETE.format("isinya bukan dari panel"))
                yield head.name, file
    except tarfile.TarError as broken:
        raise BrokenArchive(INCOMPLETE.format("susunannya rusak")) from broken


def _laid(file: IO[bytes], path: Path) -> str:
    """Written, and the SHA-256 of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hashed = sha256()
    with path.open("wb") as out:
        while piece := file.read(FRAME):
            hashed.update(piece)
            out.write(piece)
    return hashed.hexdigest()
