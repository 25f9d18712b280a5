"""What is in a backup: the database's copy, the panel's key, the kept files, and a manifest of all their hashes."""

import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Self

from models.backup.frames import FRAME, BrokenArchive, FrameReader, FrameWriter

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
