"""The format of a backup archive: its key, encrypted frames, and a manifest with the hash of every part."""

import io
import json
import os
import re
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

from models.store.keys import key_in
from models.store.seal import LENGTH, MISREAD, SYMBOLS

DATA = 4  # symbols of a group, before its check symbol
GROUPS = 13
FILE = "backup.key"
POLYNOMIAL = 0b100101  # of GF(32), in which the check symbols are computed

SHORT = "Kunci cadangan terdiri atas {} kelompok berisi {} huruf atau angka, jadi {}; yang diketik ada {}."
WRONG_GROUP = "Kelompok ke-{} tidak cocok; periksa lagi: {}"
STRANGE = "Kunci cadangan ini tidak dikenal; periksa kelompok pertama."


def key_from(var: Path) -> bytes:
    """The backup key stored under VAR_DIR; made on first use."""
    return key_in(var / FILE)


def key_fingerprint(key: bytes) -> str:
    """A fingerprint of the key, printed on the key sheet and stored in the archive; reveals nothing of the key."""
    return sha256(b"panel-pengaduan/backup mark" + key).hexdigest()[:8].upper()


def key_groups(key: bytes) -> list[str]:
    """The key as printed: thirteen groups; the last symbol of each is a check symbol over its symbols and position."""
    number = int.from_bytes(key)
    values = [number >> (5 * place) & 31 for place in reversed(range(GROUPS * DATA))]
    groups = []
    for place, start in enumerate(range(0, len(values), DATA), 1):
        group = values[start : start + DATA]
        groups.append("".join(SYMBOLS[value] for value in (*group, _check(place, group))))
    return groups


def _check(place: int, group: list[int]) -> int:
    """A check symbol that detects one wrong symbol, two transposed neighbours, and a group at the wrong position."""
    summed = 0
    for value in group:
        summed = _doubled(summed) ^ value
    return _doubled(summed) ^ place


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ POLYNOMIAL if value & 32 else value


class WrongGroup(ValueError):
    """A group whose check symbol is wrong: its position, and all groups as typed."""

    def __init__(self, place: int, groups: list[str]) -> None:
        super().__init__(WRONG_GROUP.format(place, groups[place - 1]))
        self.place, self.groups = place, groups

    def mended(self, group: str) -> str:
        """All groups as typed, with the wrong one replaced by this group."""
        return " ".join([*self.groups[: self.place - 1], group, *self.groups[self.place :]])


def read_groups(text: str) -> bytes:
    """Parse a key typed from paper. WrongGroup, with a sentence that names the first group that fails its check,
    ValueError if there are too few or too many symbols."""
    size, groups = DATA + 1, text.upper().replace("-", " ").translate(MISREAD).split()
    if len(groups) != GROUPS:  # typed without separators, or separated differently
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
    """The archive is incomplete, changed or foreign; the message is an Indonesian sentence."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"panel-pengaduan/backup").derive(key))


def fingerprint_in(head: bytes) -> str:
    """The fingerprint of the key that an archive with this header is encrypted with."""
    return head[len(MAGIC) : len(MAGIC) + MARK].decode(errors="replace")


def _nonce(number: int, *, last: bool) -> bytes:
    """Each archive has its own derived key, so the frame number suffices as nonce; the last frame is flagged."""
    return number.to_bytes(11) + bytes([last])


class FrameWriter:
    """Encrypts what is written to it; `close` ends the stream (not the file). `hashed` is the SHA-256 of the output."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        salt = os.urandom(SALT)
        self._out, self._cipher = out, _cipher(key, salt)
        self._head = MAGIC + key_fingerprint(key).encode() + salt
        self._waiting, self._number = bytearray(), 0
        self.hashed, self.size = sha256(), 0
        self._put(self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > FRAME:  # at least one more byte follows: not the last frame
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
    """Decrypts a stream frame by frame. BrokenArchive if a frame fails authentication."""

    def __init__(self, source: IO[bytes], key: bytes) -> None:
        self._source, self._number = source, 0
        self._head = _read_exactly(source, HEAD)
        self.mark = fingerprint_in(self._head)
        if not self._head.startswith(MAGIC):
            raise BrokenArchive(FOREIGN)
        if self.mark != key_fingerprint(key):
            raise BrokenArchive(OTHER_KEY.format(key_fingerprint(key), self.mark))
        self._cipher = _cipher(key, self._head[-SALT:])
        self._plain, self._next = b"", _read_exactly(source, FRAME + TAG)
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._plain and not self._ended:
            self._open()
        piece, self._plain = self._plain[:size], self._plain[size:]
        return piece

    def drain(self) -> None:
        """Read to the end, so that a truncated stream is detected."""
        while self.read(FRAME):
            pass

    def _open(self) -> None:
        sealed, self._next = self._next, _read_exactly(self._source, FRAME + TAG)
        last = not self._next
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, last=last), sealed, self._head)
        except (InvalidTag, ValueError) as broken:
            raise BrokenArchive(CHANGED) from broken
        self._number += 1
        self._ended = last


def _read_exactly(source: IO[bytes], size: int) -> bytes:
    """Read `size` bytes, fewer only at end of file: remote stores may return short reads."""
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
    """What an archive contains, and the digest expected after a restore; stored as the archive's last part."""

    at: str
    engine: str
    digest: str
    shape: str
    entries: int  # number of events in the history
    migrations: list[str]
    parts: dict[str, str] = field(default_factory=dict)  # name -> SHA-256
    lacking: list[str] = field(default_factory=list)  # files of rows, missing or changed at the source
    format: int = FORMAT

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Parse the manifest of an archive. BrokenArchive if a newer panel wrote it."""
        values = json.loads(data)
        if values.get("format") != FORMAT:
            raise BrokenArchive(NEWER)
        return cls(**values)

    def bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


def pack(parts: Iterable[tuple[str, Path]], manifest: Manifest, out: FrameWriter) -> None:
    """Write the parts, then the manifest with their hashes, and end the stream."""
    with tarfile.open(fileobj=out, mode="w|", bufsize=FRAME) as tar:  # type: ignore[call-overload]
        for name, path in parts:
            with path.open("rb") as file:
                reader = _HashingReader(file)
                tar.addfile(_tar_entry(name, path.stat().st_size), reader)
            manifest.parts[name] = reader.hashed.hexdigest()
        data = manifest.bytes()
        tar.addfile(_tar_entry(MANIFEST, len(data)), io.BytesIO(data))
    out.close()


def _tar_entry(name: str, size: int) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o600
    return head


class _HashingReader(io.RawIOBase):
    """Hashes a file while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.hashed = file, sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.hashed.update(piece)
        return piece


def unpack(reader: FrameReader, folder: Path) -> Manifest:
    """Extract all parts into a folder. BrokenArchive if they differ from the manifest."""
    parts: dict[str, str] = {}
    manifest: Manifest | None = None
    for name, file in _parts(reader):
        if name == MANIFEST:
            manifest = Manifest.of(file.read())
        else:
            parts[name] = _extract(file, folder / name)
    reader.drain()
    if manifest is None or manifest.parts != parts:
        raise BrokenArchive(INCOMPLETE.format("isinya tidak sama dengan daftarnya"))
    return manifest


def pick(reader: FrameReader, part: str, folder: Path) -> bool:
    """Extract only this part into a folder; False if the archive lacks it. Stops reading after it."""
    for name, file in _parts(reader):
        if name == part:
            _extract(file, folder / name)
            return True
    return False


def _parts(reader: FrameReader) -> Iterator[tuple[str, IO[bytes]]]:
    """The parts in archive order. BrokenArchive for a name that is not a backup's."""
    try:
        with tarfile.open(fileobj=reader, mode="r|", bufsize=FRAME) as tar:  # type: ignore[call-overload]
            for head in tar:
                file = tar.extractfile(head) if head.isreg() else None
                if file is None or not (head.name == MANIFEST or PARTS.fullmatch(head.name)):
                    raise BrokenArchive(INCOMPLETE.format("isinya bukan dari panel"))
                yield head.name, file
    except tarfile.TarError as broken:
        raise BrokenArchive(INCOMPLETE.format("susunannya rusak")) from broken


def _extract(file: IO[bytes], path: Path) -> str:
    """Write the part to `path`; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hashed = sha256()
    with path.open("wb") as out:
        while piece := file.read(FRAME):
            hashed.update(piece)
            out.write(piece)
    return hashed.hexdigest()
