"""The reproducible release archive: tracked files of HEAD and generated files, sorted, with fixed times and owner."""

import gzip
import hashlib
import io
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.release import HEADING
from sop.clock import WIB

HOUSE = Path(__file__).resolve().parents[2]
MANIFEST = "MANIFEST.sha256"
CHANGED = "The tree has changes that are in no commit: commit them first. A release is made of HEAD.\n{}"
UNNAMED = "CHANGELOG.md names no version, such as ## 0.1.0."
LINKED = "{} is no plain file: a release holds plain files alone."

Members = Mapping[str, tuple[bytes, bool]]  # name -> (content, is executable)


@dataclass(frozen=True)
class Head:
    """The commit of a release."""

    commit: str
    at: int  # Unix time of the commit
    version: str

    @classmethod
    def of_clean_tree(cls) -> "Head":
        """HEAD. ValueError with a sentence if the working tree has changes."""
        if changed := git("status", "--porcelain", "--untracked-files=no"):
            raise ValueError(CHANGED.format(changed))
        named = HEADING.search(git("show", "HEAD:CHANGELOG.md"))
        if named is None:
            raise ValueError(UNNAMED)
        return cls(git("rev-parse", "HEAD"), int(git("show", "-s", "--format=%ct", "HEAD")), named[1])

    @property
    def day(self) -> str:
        return f"{datetime.fromtimestamp(self.at, WIB):%d-%m-%Y}"


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=HOUSE, check=True, capture_output=True, text=True).stdout.strip()


def tracked_files(head: Head) -> dict[str, tuple[bytes, bool]]:
    """The tracked files of the commit."""
    packed = subprocess.run(["git", "archive", head.commit], cwd=HOUSE, check=True, capture_output=True).stdout
    files: dict[str, tuple[bytes, bool]] = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for entry in archive:
            if entry.isdir():
                continue
            content = archive.extractfile(entry) if entry.isreg() else None
            if content is None:
                raise ValueError(LINKED.format(entry.name))
            files[entry.name] = (content.read(), bool(entry.mode & 0o100))
    return files


def with_manifest(members: Members) -> Members:
    """Add the manifest: the SHA-256 of each file, by which a server detects changed and foreign files."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, (data, _) in sorted(members.items())]
    return {**members, MANIFEST: ("".join(lines).encode(), False)}


def write_archive(target: Path, members: Members, head: Head) -> Path:
    """Write the archive; the same bytes for the same members."""
    with target.open("wb") as raw, gzip.GzipFile("", "wb", mtime=head.at, fileobj=raw) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, (data, may_run) in sorted(members.items()):
                entry = tarfile.TarInfo(f"panel-{head.version}/{name}")
                entry.size, entry.mtime, entry.mode = len(data), head.at, 0o755 if may_run else 0o644
                entry.uname = entry.gname = "root"
                archive.addfile(entry, io.BytesIO(data))
    return target
