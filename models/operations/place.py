"""Where backups lie: a folder or an fsspec address, bound to one installation."""

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
from models.operations.archive import HEAD, mark_in
from models.store.files import settle
from models.store.installation import TRIAL, begin_installation, last_installation, own_marks, this_machine
from sop.clock import FIRST, WIB, ZONES

SCHEMES = {"file": "", "sftp": "paramiko", "s3": "s3fs"}  # the package that each needs besides fsspec
BACKUP_NAME = re.compile(r"panel-(\d{8}-\d{6})-[0-9a-f]{4}\.cadangan")
OF_NAMES = ZONES[FIRST]  # whatever zone the office chooses, else later names would stand before earlier ones
UNPROVEN, FAILED, RESULT = ".menunggu-uji", ".gagal", ".json"
PATIENCE = 60.0  # seconds without a word from a server

RELATIVE = (
    "Tempat cadangan ditulis lengkap, misalnya /mnt/cadangan/panel, sftp://server/folder, atau s3://ember/folder."
)
IN_ADDRESS = "Kata sandi tidak ditulis pada tempat cadangan; taruh pada pengaturan server."
INSIDE = "Tempat cadangan tidak boleh di dalam folder data panel: keduanya akan hilang bersama."
ABSENT = "Folder cadangan {} tidak ada. Buat foldernya, atau periksa apakah diskanya terpasang."
PACKAGE = "Tempat cadangan ini memerlukan paket Python {}; pasang dengan pip, lalu coba lagi."

# What goes wrong far away, as the end of a sentence
NOT_THERE = "folder, ember, atau berkasnya tidak ada di sana"
REFUSED = "servernya menolak; periksa kunci dan hak panel di sana"
STRANGER = "kunci server {} tidak ada di known_hosts pengguna panel"
CHANGED = "kunci server {} bukan yang ada di known_hosts pengguna panel"
CUT_OFF = "servernya tidak dapat dihubungi, atau terputus ({})"
NO_ROOM = "servernya gagal menyimpan; mungkin tempat di sana penuh"
FAILURE = "Failure"  # all that SFTP says of a full disk
REFUSALS = frozenset(("AuthenticationException", "NoCredentialsError", "PartialCredentialsError"))


class FarTrouble(OSError):
    """Something went wrong at a store far away; `strerror` says it in the panel's words."""


def objection(url: str, var: Path) -> str:
    """The sentence why backups cannot be kept there, "" if nothing speaks against it."""
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
    """A folder of archives. What goes wrong there is an OSError, whatever the store calls it."""

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
        """Whether a name is given at once. S3 has no such thing: there a copy gets it, whole or not at all."""
        return self.scheme in ("file", "sftp")

    @cached_property
    def folder(self) -> str:
        return self.url.removeprefix("file://").rstrip("/") if self.is_here else self._reached[1].rstrip("/")

    @cached_property
    def _reached(self) -> tuple[fsspec.AbstractFileSystem, str]:
        """ValueError in a sentence for what nobody here can reach."""
        try:
            return _connected(self.url)
        except (ImportError, ValueError) as lacking:
            absent = isinstance(lacking, ImportError) and self.scheme in SCHEMES
            raise ValueError(PACKAGE.format(SCHEMES[self.scheme]) if absent else RELATIVE) from lacking
        except Exception as fault:
            raise _far_trouble(fault) from fault

    @contextmanager
    def _disk(self) -> Iterator[fsspec.AbstractFileSystem]:
        """What fsspec reaches there; what a store far away says is put into the panel's words."""
        disk = self._reached[0]
        with nullcontext() if self.is_here else _far():
            yield disk

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    def refuse_absent(self) -> None:
        """ValueError in a sentence: a disk that is not mounted must not be replaced by a folder beside the panel."""
        if not (Path(self.folder).is_dir() if self.is_here else self._reached):
            raise ValueError(ABSENT.format(self.folder))

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """A new file, on the disk itself once the block ends."""
        with self._opened(name, "wb") as file:
            yield file
            if self.is_here:
                file.flush()
                os.fsync(file.fileno())

    def reading(self, name: str) -> IO[bytes]:
        opened: IO[bytes] = self._opened(name, "rb")
        return opened

    def _opened(self, name: str, mode: str) -> Any:
        with self._disk() as disk:
            file = disk.open(self.path(name), mode)
        return file if self.is_here else FarFile(file)

    def beginning(self, name: str, size: int) -> bytes:
        """The first bytes of a file."""
        try:
            with self._disk() as disk:
                read: bytes = disk.cat_file(self.path(name), start=0, end=size)
        except OSError as fault:
            if self.is_here or fault.errno != errno.EINVAL:
                raise
            return b""  # S3 hands over no part of a file with nothing in it
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
        """All names in the folder; what is no backup among them."""
        with self._disk() as disk:
            disk.invalidate_cache()
            try:
                paths = disk.ls(self.folder, detail=False)
            except FileNotFoundError:
                return []  # far away a folder is there once something is in it
        return sorted(path.rpartition("/")[2] for path in paths)

    def archives(self) -> list[str]:
        """The proven ones, the oldest first."""
        return [name for name in self.names() if BACKUP_NAME.fullmatch(name)]


class FarFile(io.RawIOBase):
    """A file far away. Only what its store says is put into the panel's words, nothing that its reader finds in it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        with _far():
            piece = self._file.read(len(room))
        room[: len(piece)] = piece
        return len(piece)

    def write(self, data: Any) -> int:
        with _far():
            self._file.write(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            with _far():
                self._file.close()


def _connected(url: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """A connection of its own: fsspec would hand out yesterday's, which the server has closed since."""
    if url.startswith("sftp:"):
        fsspec.register_implementation("sftp", _known_server(), clobber=True)
    for chatter in ("paramiko", "asyncio"):  # they tell of each cut with a trace, beside the error that is told here
        logging.getLogger(chatter).setLevel(logging.CRITICAL)
    reached: tuple[fsspec.AbstractFileSystem, str] = fsspec.core.url_to_fs(url, skip_instance_cache=True)
    return reached


@cache
def _known_server() -> type[fsspec.AbstractFileSystem]:
    """SFTP to a server whose key is known; fsspec's own takes whoever answers, and waits for ever."""
    from fsspec.implementations.sftp import SFTPFileSystem
    from paramiko import BadHostKeyException, SSHClient

    class KnownServer(SFTPFileSystem):
        def _connect(self) -> None:
            self.client = SSHClient()
            weakref.finalize(self, self.client.close)  # else its thread and its connection stay for ever
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(NoStrangers())
            try:
                self.client.connect(self.host, timeout=PATIENCE, **self.ssh_kwargs)
            except BadHostKeyException as other:
                raise FarTrouble(errno.EACCES, CHANGED.format(self.host)) from other
            if way := self.client.get_transport():
                way.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each 32 kB waits for 40 ms
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(PATIENCE)

    return KnownServer


class NoStrangers:
    """What paramiko asks about a server that is not in known_hosts."""

    def missing_host_key(self, client: object, hostname: str, key: object) -> None:
        raise FarTrouble(errno.EACCES, STRANGER.format(hostname))


@contextmanager
def _far() -> Iterator[None]:
    """Stores far away have errors of their own, which nobody else in the panel knows."""
    try:
        yield
    except Exception as fault:
        raise _far_trouble(fault) from fault


def _far_trouble(fault: Exception) -> OSError:
    if isinstance(fault, FarTrouble):
        return fault
    if isinstance(fault, FileNotFoundError):
        return FileNotFoundError(errno.ENOENT, NOT_THERE)
    if isinstance(fault, PermissionError) or type(fault).__name__ in REFUSALS:
        return FarTrouble(errno.EACCES, REFUSED)
    if isinstance(fault, OSError) and str(fault) == FAILURE:
        return FarTrouble(errno.EIO, NO_ROOM)
    code = getattr(fault, "errno", None)
    if code in (errno.EINVAL, errno.ENOSPC, errno.EDQUOT):
        return OSError(code, os.strerror(code))
    return FarTrouble(errno.EIO, CUT_OFF.format(type(fault).__name__))


def new_name(at: datetime) -> str:
    """Names stand in the order of their moments, those of one second as well: the last four signs are its fraction."""
    return f"panel-{at.astimezone(OF_NAMES):%Y%m%d-%H%M%S}-{at.microsecond * 2**16 // 10**6:04x}.cadangan"


def moment_of(name: str) -> datetime:
    """When the archive of that name was made."""
    matched = BACKUP_NAME.fullmatch(name)
    if matched is None:
        raise ValueError(name)
    return datetime.strptime(matched[1], "%Y%m%d-%H%M%S").replace(tzinfo=OF_NAMES)


BOUND_FILE = "panel-{}.pemasangan"  # by the key's mark: several panels may keep their backups in one folder
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
    name = BOUND_FILE.format(archive.mark_of(key))
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
    name = BOUND_FILE.format(archive.mark_of(key))
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
    return [name for name in names if not heads[name] or mark_in(heads[name]) == archive.mark_of(key)]
