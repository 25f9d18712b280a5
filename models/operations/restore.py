"""Restoring: looked at before a key is asked for, brought back whole, or one file of it."""

import errno
import json
import os
import pwd
import re
import shlex
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from models import release, schema
from models.complaint.reserve import NAME as RESERVE
from models.operations import archive, backupchild
from models.operations.archive import (
    CHANGED,
    FILES,
    FOREIGN,
    HEAD,
    KEY,
    MAGIC,
    BrokenArchive,
    FrameReader,
    Manifest,
    mark_in,
)
from models.operations.backupchild import copies_of
from models.operations.kept_files import is_sound
from models.operations.making import LOCK, LONGEST_RESULT, PROOF, WORK, Source, working
from models.operations.place import RESULT, ArchiveFolder
from models.sign_in.password_links import NAME as FIRST_LINK
from models.sign_in.tries_on_full_disk import NAME as TRIES
from models.store import installation, seal, sqlite
from models.store.base import all_models, engine
from models.store.files import settle
from models.store.installation import LOCK_FILE as SERVING
from models.store.installation import STANDING_FILE as STANDING
from models.store.installation import name_of
from models.store.outage import why
from sop.words import format_size

MADE_AT_START = {
    KEY,
    "secret.key",
    "ekspor",
    RESERVE,
    TRIES,
    FIRST_LINK,
    WORK,
    LOCK,
    STANDING,
    SERVING,
}  # there before anything was kept
TO_REACH_IT = {".ssh", ".aws"}  # VAR_DIR is the home of the panel's user: how the backup is reached stands there
OF_DISK = "lost+found"  # at the root of a disk of its own; only root may look into it
TOLD_BESIDE = ("engine", "migrations", "version")  # of an Origin, in what lies beside the archive
ROOM = 4  # times an archive: it is unpacked, and its database, which lies packed in it, brought to life twice
LONGEST_NAMES = 5

OCCUPIED = (
    "Tempat tujuan tidak kosong: {names}. Cadangan hanya dipulihkan ke tempat yang kosong. Bila isi itu boleh hilang, "
    "hentikan panel (systemctl stop panel), lalu kosongkan sebagai root: {way}"
)
OTHER_KIND = "Cadangan ini dari basis data {}, sedangkan DATABASE_URL menunjuk {}. Pulihkan ke jenis yang sama."
ABSENT = "Berkas cadangan {} tidak ditemukan."
A_FOLDER = "{} adalah folder. Sebutkan berkas cadangannya{}."
UNREAD = "Cadangan tidak dapat dibaca: {}."
SHUT = "{path} tidak dapat {what} pengguna {user}; pemiliknya {owner}. Jalankan sebagai root: {way} – lalu ulangi."
INSIDE = (
    "{path} tidak dapat dibaca pengguna {user}, karena folder {closed} tertutup baginya. Salin dahulu sebagai root: "
    "{way} – lalu sebutkan salinannya."
)
COPIES = Path("/var/tmp")  # noqa: S108 - what is sealed lies there, and only whoever restores it may read it
NEWER = (
    "Cadangan ini dibuat panel versi {version}, lebih baru daripada panel di sini (versi {own}). Pasang versi itu "
    "dahulu; arsip programnya ada di samping cadangan. Tidak ada yang diubah."
)
NARROW = "Tempat di {folder} kurang: perlu sekitar {need}, sisa {left}. Tidak ada yang diubah."


class Origin(NamedTuple):
    """What an archive, or what lies beside it, tells of the panel that made it; "" where it does not."""

    engine: str = ""
    migrations: Sequence[str] = ()
    version: str = ""


def look_at(target: Source, archive_url: str) -> str:
    """The mark of the key that opens the archive. ValueError in a sentence if it is seen without that key already that
    it cannot be brought back here."""
    refuse_shut(target.var, "ditulisi")
    refuse_occupied(target)
    _refuse_folder(archive_url)
    folder, _, name = archive_url.rpartition("/")
    place = ArchiveFolder(folder or ".")
    head = _head_of(place, name, archive_url)
    origin, size = _told_beside(place, name)
    refuse_unfit(target, origin)
    _refuse_narrow(target.var, size)
    if size and place.is_here and os.path.getsize(archive_url) < size:
        raise BrokenArchive(CHANGED)  # a copy that was cut off
    return mark_in(head)


def refuse_unfit(target: Source, origin: Origin) -> None:
    """ValueError in a sentence if the archive is of the other kind of database, or of a version that knows more."""
    here = engine(target.url)
    if origin.engine and origin.engine != here.NAME:
        raise ValueError(OTHER_KIND.format(origin.engine, here.NAME))
    if set(origin.migrations) - schema.migration_files(here, schema.FOLDER).keys():
        raise ValueError(NEWER.format(version=origin.version or "lain", own=release.version()))


def refuse_shut(path: Path, what: str) -> None:
    """ValueError in a sentence with the command that mends it, if a file or folder here is somebody else's."""
    rights = os.R_OK | (os.W_OK if path.is_dir() else 0)
    if path.exists() and not os.access(path, rights, effective_ids=True):
        raise ValueError(_shut(path, path, what))


def _shut(path: Path, closed: Path, what: str) -> str:
    """Who owns what is closed, and how all of a folder, or that file alone, comes to belong to the panel's user."""
    user, owner, whole = name_of(os.geteuid()), name_of(closed.stat().st_uid), ["-R"] if closed.is_dir() else []
    way = shlex.join(["chown", *whole, f"{user}:", str(closed)])
    return SHUT.format(path=path, what=what, user=user, owner=owner, way=way)


def _head_of(place: ArchiveFolder, name: str, url: str) -> bytes:
    try:
        if place.is_here and os.path.isfile(url):
            refuse_shut(Path(url), "dibaca")
        head = place.beginning(name, HEAD)
    except (FileNotFoundError, NotADirectoryError) as absent:
        raise ValueError(ABSENT.format(name)) from absent
    except PermissionError as shut:
        raise ValueError(_shut_sentence(place, url, shut)) from shut
    except OSError as unread:
        raise ValueError(UNREAD.format(why(unread))) from unread
    if not head.startswith(MAGIC):
        raise BrokenArchive(FOREIGN)
    if len(head) < HEAD:
        raise BrokenArchive(CHANGED)
    return head


def _shut_sentence(place: ArchiveFolder, url: str, shut: OSError) -> str:
    """The folder of the archive is somebody else's, so that not even the archive's own rights can be seen. What holds
    more than archives, as the home of somebody, is not made the panel's: the archive is copied out of it."""
    path = Path(url).absolute()
    above = reversed(path.parents) if place.is_here else ()
    closed = next((each for each in above if not os.access(each, os.X_OK, effective_ids=True)), None)
    if closed is None:
        return UNREAD.format(why(shut))
    if closed == path.parent and str(closed) not in {person.pw_dir for person in pwd.getpwall()}:
        return _shut(path, closed, "dibaca")
    user = name_of(os.geteuid())
    way = shlex.join(["install", "-m", "600", "-o", user, str(path), f"{COPIES}/"])
    return INSIDE.format(path=path, closed=closed, user=user, way=way)


def _told_beside(place: ArchiveFolder, name: str) -> tuple[Origin, int]:
    """What the proof found, as it lies beside the archive, and how large that is; nothing where it is gone."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        result = json.loads(place.beginning(name + RESULT, LONGEST_RESULT))
        return Origin(**{known: result[known] for known in TOLD_BESIDE if result.get(known)}), int(result["size"])
    return Origin(), 0


def _refuse_narrow(var: Path, size: int) -> None:
    left = shutil.disk_usage(var).free
    if left < ROOM * size:
        need = {"need": format_size(ROOM * size), "left": format_size(left)}
        raise ValueError(NARROW.format(folder=var, **need))


def _refuse_folder(url: str) -> None:
    """ValueError in a sentence that names the latest archive in it."""
    folder = ArchiveFolder(url)
    if url and folder.is_here and os.path.isdir(folder.folder):
        latest = "".join(f", misalnya {folder.path(name)}" for name in folder.archives()[-1:])
        raise ValueError(A_FOLDER.format(url, latest))


def refuse_occupied(target: Source) -> None:
    """ValueError in a sentence that names what is in the way, and how it is emptied."""
    paths = sorted(path for path in target.var.iterdir() if not _may_be_there(path, target.url))
    names = [path.name for path in paths[:LONGEST_NAMES]]
    ways = [shlex.join(["rm", "-r", *map(str, paths)])] if paths else []
    if schema.has_people(target.url, target.owner_url):
        names.append("basis data")
        ways.append(copies_of(target.url).emptying(target.url, target.owner_url))
    if names:
        raise ValueError(OCCUPIED.format(names=", ".join(names), way=" && ".join(ways)))


def _may_be_there(path: Path, url: str) -> bool:
    """What a start lays into an empty place by itself, and folders with nothing in them."""
    if path.name == OF_DISK or (path.is_dir() and not any(path.iterdir())):
        return True
    own = f"{Path(sqlite.path_of(url)).name}" if engine(url) is sqlite else ""
    return path.name in MADE_AT_START | TO_REACH_IT or (bool(own) and path.name.startswith(own))


def restore(target: Source, archive_url: str, key: bytes) -> Manifest:
    """Bring an archive back; what it holds. ValueError in a sentence if the place is not empty or the archive broken.

    Nothing is laid into its place before all of it was unpacked, restored aside and checked; where it cannot be laid,
    the place is as empty as before. What is there then is a copy of the office's panel until somebody has decided.
    """
    look_at(target, archive_url)
    folder, _, name = archive_url.rpartition("/")
    with working(target.var) as work:
        manifest = _unpacked(ArchiveFolder(folder or "."), name, key, work / PROOF)
        refuse_unfit(target, Origin(manifest.engine, manifest.migrations))
        said = backupchild.proven(work / PROOF, target.url, target.owner_url, manifest.lacking)
        if said.shape == manifest.shape and said.digest != manifest.digest:
            raise BrokenArchive(backupchild.SAME)
        lay_or_leave(target, work / PROOF, key)
    seal.install(seal.key_from(target.var))  # a migration of what an older version has saved may have to seal
    schema.prepare(target.url, owner_url=target.owner_url)
    _forget_sessions(target)
    return manifest


def _unpacked(place: ArchiveFolder, name: str, key: bytes, folder: Path) -> Manifest:
    try:
        with place.reading(name) as file:
            return archive.unpack(FrameReader(file, key), folder)
    except (FileNotFoundError, NotADirectoryError) as absent:
        raise ValueError(ABSENT.format(name)) from absent
    except OSError as unread:
        if unread.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # it was read, and there is no room for it
        raise ValueError(UNREAD.format(why(unread))) from unread


def lay_or_leave(target: Source, folder: Path, key: bytes) -> None:
    """Lay what was unpacked into its place, the database last and whole or not at all: where it cannot be laid nothing
    else may be there either, for the next try."""
    try:
        installation.mark_as(
            target.var, installation.RESTORED
        )  # first: with this key nobody makes a backup who is no copy
        archive.keep(target.var, key)  # before the rest: a panel that finds none makes one that no sheet holds
        _lay(target, folder)
    except Exception:
        shutil.rmtree(target.files, ignore_errors=True)
        for name in (KEY, archive.FILE, installation.STANDING_FILE):
            (target.var / name).unlink(missing_ok=True)
        raise


def _lay(target: Source, folder: Path) -> None:
    """The database last: until it is there, nobody takes the place for an office."""
    (folder / FILES).mkdir(exist_ok=True)
    target.files.mkdir(exist_ok=True)
    (folder / FILES).replace(target.files)
    (folder / KEY).replace(target.var / KEY)
    (target.var / KEY).chmod(0o600)
    os.sync()  # all of it is on the disk before the database is there
    backupchild.copies_of(target.url).bring(folder, target.url, target.owner_url)


def _forget_sessions(target: Source) -> None:
    """Whoever was signed in where the backup was made is not signed in here."""
    owner = engine(target.url).owner_database(target.owner_url or target.url)
    with owner.connection_context():
        for model in all_models():
            if not model.survives_restore:
                owner.execute_sql(f'DELETE FROM "{model._meta.table_name}"')  # noqa: S608 - names of our own models


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
        archived = _unpacked_from(ArchiveFolder(place_url), archive.key_from(source.var), part, work)
        _lay_file(work / part, file)
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


def _lay_file(picked: Path, file: Path) -> None:
    """On the disk before it bears its name, as every kept file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with picked.open("rb") as laid:
        os.fsync(laid.fileno())
    picked.replace(file)
    settle(file.parent)
