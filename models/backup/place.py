"""Where backups lie: a folder on another disk, or what fsspec reaches by an address; whole files only, or none."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import fsspec

from models.store.files import settle
from sop.clock import WIB

SCHEMES = {"file": "", "sftp": "paramiko", "s3": "s3fs"}  # the package that each needs besides fsspec
NAME = re.compile(r"panel-(\d{8}-\d{6})-[0-9a-f]{4}\.cadangan")
UNPROVEN, FAILED, RESULT = ".menunggu-uji", ".gagal", ".json"

RELATIVE = (
    "Tempat cadangan ditulis lengkap, misalnya /mnt/cadangan/panel, sftp://server/folder, atau s3://ember/folder."
)
IN_ADDRESS = "Kata sandi tidak ditulis pada tempat cadangan; taruh pada pengaturan server."
INSIDE = "Tempat cadangan tidak boleh di dalam folder data panel: keduanya akan hilang bersama."
ABSENT = "Folder cadangan {} tidak ada. Buat foldernya, atau periksa apakah diskanya terpasang."
PACKAGE = "Tempat cadangan ini memerlukan paket Python {}; pasang dengan pip, lalu coba lagi."


def objection(url: str, var: Path) -> str:
    """The sentence why backups cannot be kept there, "" if nothing speaks against it."""
    parts = urlsplit(url)
    scheme = parts.scheme or "file"
    if scheme not in SCHEMES or (scheme == "file" and not parts.path.startswith("/")):
        return RELATIVE
    if parts.password:
        return IN_ADDRESS
    if scheme == "file" and Path(parts.path).resolve().is_relative_to(var.resolve()):
        return INSIDE
    return ""


@dataclass(frozen=True)
class ArchiveFolder:
    """A folder of archives."""

    url: str

    @cached_property
    def folder(self) -> str:
        return self.url.removeprefix("file://").rstrip("/") if self.is_here else self._reached[1].rstrip("/")

    @property
    def is_here(self) -> bool:
        return urlsplit(self.url).scheme in ("", "file")

    @cached_property
    def _reached(self) -> tuple[fsspec.AbstractFileSystem, str]:
        """ValueError in a sentence for what nobody here can reach."""
        scheme = urlsplit(self.url).scheme
        try:
            reached: tuple[fsspec.AbstractFileSystem, str] = fsspec.core.url_to_fs(self.url)
        except (ImportError, ValueError) as lacking:
            raise ValueError(PACKAGE.format(SCHEMES[scheme]) if scheme in SCHEMES else RELATIVE) from lacking
        return reached

    @property
    def disk(self) -> fsspec.AbstractFileSystem:
        return self._reached[0]

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def refuse_absent(self) -> None:
        """ValueError in a sentence: a disk that is not mounted must not be replaced by a folder beside the panel."""
        if not (Path(self.folder).is_dir() if self.is_here else self.disk):
            raise ValueError(ABSENT.format(self.folder))

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """A new file, on the disk itself once the block ends."""
        with self.disk.open(self.path(name), "wb") as file:
            yield file
            if self.is_here:
                file.flush()
                os.fsync(file.fileno())

    def reading(self, name: str) -> IO[bytes]:
        opened: IO[bytes] = self.disk.open(self.path(name), "rb")
        return opened

    def beginning(self, name: str, size: int) -> bytes:
        """The first bytes of a file."""
        read: bytes = self.disk.cat_file(self.path(name), start=0, end=size)
        return read

    def rename(self, old: str, new: str) -> None:
        self.disk.mv(self.path(old), self.path(new))
        if self.is_here:
            settle(Path(self.folder))

    def remove(self, name: str) -> None:
        if self.disk.exists(self.path(name)):
            self.disk.rm_file(self.path(name))

    def names(self) -> list[str]:
        """All names in the folder; what is no backup among them."""
        self.disk.invalidate_cache()
        if not self.disk.exists(self.folder):
            return []  # far away a folder is there once something is in it
        return sorted(path.rpartition("/")[2] for path in self.disk.ls(self.folder, detail=False))

    def archives(self) -> list[str]:
        """The proven ones, the oldest first."""
        return [name for name in self.names() if NAME.fullmatch(name)]


def new_name(at: datetime) -> str:
    """Names stand in the order of their moments, those of one second as well: the last four signs are its fraction."""
    return f"panel-{at.astimezone(WIB):%Y%m%d-%H%M%S}-{at.microsecond * 2**16 // 10**6:04x}.cadangan"


def moment_of(name: str) -> datetime:
    """When the archive of that name was made."""
    matched = NAME.fullmatch(name)
    if matched is None:
        raise ValueError(name)
    return datetime.strptime(matched[1], "%Y%m%d-%H%M%S").replace(tzinfo=WIB)
