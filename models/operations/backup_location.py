"""The backup location: a folder or an fsspec URL, claimed by one installation."""

import errno
import io
import json
import logging
import os
import re
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

import fsspec

from models.operations import archive
from models.operations.archive import HEAD, fingerprint_in
from models.store.files import settle
from models.store.installation import TRIAL, begin_installation, last_installation, own_marks, this_machine
from sop.clock import FIRST, WIB, ZONES

SCHEMES = {"file": "", "sftp": "paramiko", "s3": "s3fs"}  # scheme -> the package it needs besides fsspec
BACKUP_NAME = re.compile(r"panel-(\d{8}-\d{6})-[0-9a-f]{4}\.cadangan")
OF_NAMES = ZONES[FIRST]  # fixed, whatever zone the office chooses: names must sort by time
UNPROVEN, FAILED, RESULT = ".menunggu-uji", ".gagal", ".json"
PATIENCE = 60.0  # timeout in seconds of a connection

RELATIVE = (
    "Tempat cadangan ditulis lengkap, misalnya /mnt/cadangan/panel, sftp://server/folder, atau s3://ember/folder."
)
IN_ADDRESS = "Kata sandi tidak ditulis pada tempat cadangan; taruh pada pengaturan server."
INSIDE = "Tempat cadangan tidak boleh di dalam folder data panel: keduanya akan hilang bersama."
ABSENT = "Folder cadangan {} tidak ada. Buat foldernya, atau periksa apakah diskanya terpasang."
PACKAGE = "Tempat cadangan ini memerlukan paket Python {}; pasang dengan pip, lalu coba lagi."

# Faults of remote stores, as the end of a sentence
NOT_THERE = "folder, ember, atau berkasnya tidak ada di sana"
REFUSED = "servernya menolak; periksa kunci dan hak panel di sana"
UNKNOWN_HOST = "kunci server {} tidak ada di known_hosts pengguna panel"
CHANGED = "kunci server {} bukan yang ada di known_hosts pengguna panel"
CUT_OFF = "servernya tidak dapat dihubungi, atau terputus ({})"
NO_ROOM = "servernya gagal menyimpan; mungkin tempat di sana penuh"
FAILURE = "Failure"  # SFTP's only message for a full disk
REFUSALS = frozenset(("AuthenticationException", "NoCredentialsError", "PartialCredentialsError"))


class RemoteStoreError(OSError):
    """A fault of a remote store; `strerror` is an Indonesian phrase."""


def objection(url: str, var: Path) -> str:
    """The sentence why this URL cannot be a backup location, "" if it can."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return RELATIVE
    scheme = parts.scheme or "file"
    is_whole = parts.path.startswith("/") if scheme == "file" else bool(parts.netloc)
    if scheme not in SCHEMES or not is_whole:
        return RELATIVE
    if parts.password:
        return IN_ADDRESS
    if scheme == "file" and Path(parts.path).resolve().is_relative_to(var.resolve()):
        return INSIDE
    return ""


@dataclass(frozen=True)
class ArchiveFolder:
    """A folder of archives, local or remote. Its faults are OSErrors, whatever the store raises."""

    url: str

    @property
    def scheme(self) -> str:
        scheme, colon, _ = self.url.partition(":/")
        return scheme if colon and scheme.isalnum() else "file"

    @property
    def is_here(self) -> bool:
        return self.scheme == "file"

    @property
    def renames(self) -> bool:
        """Whether the store renames atomically. S3 cannot: there `rename` copies, atomically."""
        return self.scheme in ("file", "sftp")

    @cached_property
    def folder(self) -> str:
        return self.url.removeprefix("file://").rstrip("/") if self.is_here else self._file_system[1].rstrip("/")

    @cached_property
    def _file_system(self) -> tuple[fsspec.AbstractFileSystem, str]:
        """The file system and the path on it. ValueError with a sentence if the URL or its package is unusable."""
        try:
            return _connected(self.url)
        except (ImportError, ValueError) as lacking:
            absent = isinstance(lacking, ImportError) and self.scheme in SCHEMES
            raise ValueError(PACKAGE.format(SCHEMES[self.scheme]) if absent else RELATIVE) from lacking
        except Exception as fault:
            raise _translate(fault) from fault

    @contextmanager
    def _disk(self) -> Iterator[fsspec.AbstractFileSystem]:
        """The file system; errors of a remote one are translated."""
        disk = self._file_system[0]
        with nullcontext() if self.is_here else _translated_errors():
            yield disk

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def refuse_absent(self) -> None:
        """ValueError with a sentence if the folder is missing. It is not created: the disk may not be mounted."""
        if not (Path(self.folder).is_dir() if self.is_here else self._file_system):
            raise ValueError(ABSENT.format(self.folder))

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """A new file; a local one is flushed to disk when the block ends."""
        with self._open(name, "wb") as file:
            yield file
            if self.is_here:
                file.flush()
                os.fsync(file.fileno())

    def reading(self, name: str) -> IO[bytes]:
        opened: IO[bytes] = self._open(name, "rb")
        return opened

    def _open(self, name: str, mode: str) -> Any:
        with self._disk() as disk:
            file = disk.open(self.path(name), mode)
        return file if self.is_here else RemoteFile(file)

    def beginning(self, name: str, size: int) -> bytes:
        """At most the first `size` bytes of a file."""
        try:
            with self._disk() as disk:
                read: bytes = disk.cat_file(self.path(name), start=0, end=size)
        except OSError as fault:
            if self.is_here or fault.errno != errno.EINVAL:
                raise
            return b""  # S3 refuses a range of an empty object
        return read

    def rename(self, old: str, new: str) -> None:
        with self._disk() as disk:
            disk.mv(self.path(old), self.path(new))
        if self.is_here:
            settle(Path(self.folder))

    def remove(self, name: str) -> None:
        with self._disk() as disk, suppress(FileNotFoundError):
            disk.rm_file(self.path(name))

    def names(self) -> list[str]:
        """All names in the folder, also of files that are not backups."""
        with self._disk() as disk:
            disk.invalidate_cache()
            try:
                paths = disk.ls(self.folder, detail=False)
            except FileNotFoundError:
                return []  # a remote folder exists only once there is a file in it
        return sorted(path.rpartition("/")[2] for path in paths)

    def archives(self) -> list[str]:
        """The verified archives, the oldest first."""
        return [name for name in self.names() if BACKUP_NAME.fullmatch(name)]


class RemoteFile(io.RawIOBase):
    """A remote file. Errors of the store are translated, errors of the code that reads it are not."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        with _translated_errors():
            piece = self._file.read(len(room))
        room[: len(piece)] = piece
        return len(piece)

    def write(self, data: Any) -> int:
        with _translated_errors():
            self._file.write(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            with _translated_errors():
                self._file.close()


def _connected(url: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """A new connection, not fsspec's cached one, which the server may have closed."""
    if url.startswith("sftp:"):
        fsspec.register_implementation("sftp", _verified_sftp(), clobber=True)
    for logger in ("paramiko", "asyncio"):  # they log a traceback for each lost connection, which is reported here
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    reached: tuple[fsspec.AbstractFileSystem, str] = fsspec.core.url_to_fs(url, skip_instance_cache=True)
    return reached


@cache
def _verified_sftp() -> type[fsspec.AbstractFileSystem]:
    """SFTP with host key verification and a timeout; fsspec's own has neither."""
    from fsspec.implementations.sftp import SFTPFileSystem
    from paramiko import BadHostKeyException, SSHClient

    class KnownServer(SFTPFileSystem):
        def _connect(self) -> None:
            self.client = SSHClient()
            weakref.finalize(self, self.client.close)  # else its thread and connection leak
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(RejectUnknownHosts())
            try:
                self.client.connect(self.host, timeout=PATIENCE, **self.ssh_kwargs)
            except BadHostKeyException as other:
                raise RemoteStoreError(errno.EACCES, CHANGED.format(self.host)) from other
            if transport := self.client.get_transport():
                transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms delay per 32 kB
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(PATIENCE)

    return KnownServer


class RejectUnknownHosts:
    """paramiko's policy for a server that is not in known_hosts: refuse it."""

    def missing_host_key(self, client: object, hostname: str, key: object) -> None:
        raise RemoteStoreError(errno.EACCES, UNKNOWN_HOST.format(hostname))


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Translate errors of remote stores, which have types of their own, to OSErrors."""
    try:
        yield
    except Exception as fault:
        raise _translate(fault) from fault


def _translate(fault: Exception) -> OSError:
    if isinstance(fault, RemoteStoreError):
        return fault
    if isinstance(fault, FileNotFoundError):
        return FileNotFoundError(errno.ENOENT, NOT_THERE)
    if isinstance(fault, PermissionError) or type(fault).__name__ in REFUSALS:
        return RemoteStoreError(errno.EACCES, REFUSED)
    if isinstance(fault, OSError) and str(fault) == FAILURE:
        return RemoteStoreError(errno.EIO, NO_ROOM)
    code = getattr(fault, "errno", None)
    if code in (errno.EINVAL, errno.ENOSPC, errno.EDQUOT):
        return OSError(code, os.strerror(code))
    return RemoteStoreError(errno.EIO, CUT_OFF.format(type(fault).__name__))


def archive_name(at: datetime) -> str:
    """A name that sorts by time, also within one second: its last four hex digits are the fraction."""
    return f"panel-{at.astimezone(OF_NAMES):%Y%m%d-%H%M%S}-{at.microsecond * 2**16 // 10**6:04x}.cadangan"


def moment_of(name: str) -> datetime:
    """When the archive of that name was made. ValueError if it is not an archive's name."""
    matched = BACKUP_NAME.fullmatch(name)
    if matched is None:
        raise ValueError(name)
    return datetime.strptime(matched[1], "%Y%m%d-%H%M%S").replace(tzinfo=OF_NAMES)


BOUND_FILE = "panel-{}.pemasangan"  # by the key's fingerprint: several panels may use one folder
LONGEST = 1024  # bytes
TAKEN, TAKE_BACK = "dipakai server lain sejak", "Ambil alih tempat cadangan"
OTHERS = (
    f"Tempat cadangan {{place}} {TAKEN} {{since}}. Bila server ini yang dipakai kantor, pilih “{TAKE_BACK}” "
    "pada halaman Cadangan; bila tidak, isi tempat lain."
)
OFFICES = "Tempat cadangan {place} milik panel kantor; panel latihan memakai tempat lain."
OTHER_PANEL = "Di {place} sudah ada cadangan panel lain (tanda kunci {mark}). Pakai folder lain, satu untuk tiap panel."
UNKNOWN = "waktu yang tidak diketahui"


def claim(place: ArchiveFolder, key: bytes, word: str, at: datetime) -> None:
    """Claim the place for this installation if it is unclaimed or claimed by an earlier state of the same installation.

    `word` is this panel's role (models/store/installation.py). A claim written by the same machine counts as its own,
    because an older database may have been put back. ValueError with a sentence if the place belongs to another
    installation, if it is the office's and this panel is for practice, or if it contains only archives of another
    key: a restore takes the last archive there.
    """
    last = last_installation() or begin_installation(this_machine(), at)
    holder = holder_of(place, key)
    if holder.mark == last.mark:
        return
    is_own = holder.mark in own_marks() or (last.machine and holder.machine == last.machine)
    if word == TRIAL and (is_own or (not holder.mark and archives_of_key(place, place.archives(), key))):
        raise ValueError(OFFICES.format(place=place.url))
    if holder.mark and not is_own:
        raise ValueError(OTHERS.format(place=place.url, since=holder.since))
    if not holder.mark:
        _refuse_foreign_archives(place, key)
    _write_claim(place, key, {"id": last.mark, "machine": last.machine, "since": at.isoformat()})


def _write_claim(place: ArchiveFolder, key: bytes, mark: dict[str, str]) -> None:
    """Write under a temporary name and rename if the place is local: an incomplete file would lock out the office."""
    name = BOUND_FILE.format(archive.key_fingerprint(key))
    temporary = name + UNPROVEN if place.is_here else name
    with place.writing(temporary) as file:
        file.write(json.dumps(mark).encode())
    if temporary != name:
        place.rename(temporary, name)


def _refuse_foreign_archives(place: ArchiveFolder, key: bytes) -> None:
    names = place.archives()
    if names and not archives_of_key(place, names, key):
        raise ValueError(OTHER_PANEL.format(place=place.url, mark=fingerprint_in(place.beginning(names[-1], HEAD))))


def is_taken(fault: str) -> bool:
    """Whether this fault says that the place is claimed by another installation."""
    return TAKEN in fault


class Holder(NamedTuple):
    """The installation that claims a place: its mark, its machine, and since when; all "" if unclaimed."""

    mark: str = ""
    machine: str = ""
    since: str = ""


def holder_of(place: ArchiveFolder, key: bytes) -> Holder:
    """The holder according to the claim file of this key."""
    name = BOUND_FILE.format(archive.key_fingerprint(key))
    if name not in place.names():
        return Holder()
    with suppress(ValueError, LookupError, AttributeError, TypeError):
        mark = json.loads(place.beginning(name, LONGEST))
        since = datetime.fromisoformat(mark["since"]).astimezone(WIB)
        return Holder(str(mark["id"]), str(mark["machine"]), f"{since:%d-%m-%Y %H.%M}")
    return Holder("?", since=UNKNOWN)  # the file cannot be parsed: treated as another installation's


def archives_of_key(place: ArchiveFolder, names: list[str], key: bytes) -> list[str]:
    """Those that are encrypted with this key, and empty ones."""
    heads = {name: place.beginning(name, HEAD) for name in names}
    return [name for name in names if not heads[name] or fingerprint_in(heads[name]) == archive.key_fingerprint(key)]
