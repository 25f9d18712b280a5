"""Restore from a backup: preliminary checks that need no key, the whole archive, or one file of it."""

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
from models.complaint.accesslog_reserve import NAME as RESERVE
from models.operations import archive, backup_worker
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
    fingerprint_in,
)
from models.operations.backup_location import RELATIVE, RESULT, SCHEMES, ArchiveFolder
from models.operations.backup_making import LOCK, LONGEST_RESULT, PROOF, WORK, Source, work_folder
from models.operations.backup_worker import copier_of
from models.operations.stored_files import is_intact
from models.sign_in.attempts_on_full_disk import NAME as TRIES
from models.sign_in.password_links import NAME as FIRST_LINK
from models.store import installation, seal, sqlite
from models.store.base import all_models, engine
from models.store.files import settle
from models.store.installation import LOCK_FILE as SERVING
from models.store.installation import STATUS_FILE as STANDING
from models.store.installation import name_of
from models.store.keys import key_in, write_key
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
}  # created by a first start, before any data
TO_REACH_IT = {".ssh", ".aws"}  # credentials for the backup store: VAR_DIR is the home of the panel's user
OF_DISK = "lost+found"  # at the root of a separate disk; readable by root alone
IN_RESULT_FILE = ("engine", "migrations", "version")  # fields of Origin
ROOM = 4  # free space needed, in sizes of the archive: unpacked, and its compressed database expanded twice
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
COPIES = Path("/var/tmp")  # noqa: S108 - for an encrypted archive, mode 600
NEWER = (
    "Cadangan ini dibuat panel versi {version}, lebih baru daripada panel di sini (versi {own}). Pasang versi itu "
    "dahulu; arsip programnya ada di samping cadangan. Tidak ada yang diubah."
)
NARROW = "Tempat di {folder} kurang: perlu sekitar {need}, sisa {left}. Tidak ada yang diubah."


class Origin(NamedTuple):
    """The panel that made an archive, according to its manifest or result file; "" if unknown."""

    engine: str = ""
    migrations: Sequence[str] = ()
    version: str = ""


def look_at(target: Source, archive_url: str) -> str:
    """The fingerprint of the archive's key. ValueError with a sentence if checks without the key show that it cannot be
    restored here."""
    refuse_no_access(target.var, "ditulisi")
    refuse_not_empty(target)
    _refuse_other_than_archive(archive_url)
    folder, _, name = archive_url.rpartition("/")
    place = ArchiveFolder(folder or ".")
    head = _head_of(place, name, archive_url)
    origin, size = _read_result_file(place, name)
    refuse_unsuitable(target, origin)
    left = shutil.disk_usage(target.var).free
    if left < ROOM * size:
        need = {"need": format_size(ROOM * size), "left": format_size(left)}
        raise ValueError(NARROW.format(folder=target.var, **need))
    if size and place.is_here and os.path.getsize(archive_url) < size:
        raise BrokenArchive(CHANGED)  # a copy that was cut off
    return fingerprint_in(head)


def refuse_unsuitable(target: Source, origin: Origin) -> None:
    """ValueError with a sentence if the archive is of another database engine or of a newer version."""
    here = engine(target.url)
    if origin.engine and origin.engine != here.NAME:
        raise ValueError(OTHER_KIND.format(origin.engine, here.NAME))
    if set(origin.migrations) - schema.migration_files(here, schema.FOLDER).keys():
        raise ValueError(NEWER.format(version=origin.version or "lain", own=release.version()))


def refuse_no_access(path: Path, what: str) -> None:
    """ValueError with a sentence and the command that fixes it, if the permissions of a local path are insufficient."""
    rights = os.R_OK | (os.W_OK if path.is_dir() else 0)
    if path.exists() and not os.access(path, rights, effective_ids=True):
        raise ValueError(_chown_sentence(path, path, what))


def _chown_sentence(path: Path, closed: Path, what: str) -> str:
    """The sentence with the owner of `closed` and the chown command for it."""
    user, owner, whole = name_of(os.geteuid()), name_of(closed.stat().st_uid), ["-R"] if closed.is_dir() else []
    way = shlex.join(["chown", *whole, f"{user}:", str(closed)])
    return SHUT.format(path=path, what=what, user=user, owner=owner, way=way)


def _head_of(place: ArchiveFolder, name: str, url: str) -> bytes:
    try:
        if place.is_here and os.path.isfile(url):
            refuse_no_access(Path(url), "dibaca")
        head = place.beginning(name, HEAD)
    except (FileNotFoundError, NotADirectoryError) as absent:
        raise ValueError(ABSENT.format(name)) from absent
    except PermissionError as shut:
        raise ValueError(_unreadable_sentence(place, url, shut)) from shut
    except OSError as unread:
        raise ValueError(UNREAD.format(why(unread))) from unread
    if not head.startswith(MAGIC):
        raise BrokenArchive(FOREIGN)
    if len(head) < HEAD:
        raise BrokenArchive(CHANGED)
    return head


def _unreadable_sentence(place: ArchiveFolder, url: str, shut: OSError) -> str:
    """The sentence for an archive in a folder that the panel's user cannot enter. For the archive's own folder it gives
    a chown command; for any other, or a user's home, a command that copies the archive out of it."""
    path = Path(url).absolute()
    above = reversed(path.parents) if place.is_here else ()
    closed = next((each for each in above if not os.access(each, os.X_OK, effective_ids=True)), None)
    if closed is None:
        return UNREAD.format(why(shut))
    if closed == path.parent and str(closed) not in {person.pw_dir for person in pwd.getpwall()}:
        return _chown_sentence(path, closed, "dibaca")
    user = name_of(os.geteuid())
    way = shlex.join(["install", "-m", "600", "-o", user, str(path), f"{COPIES}/"])
    return INSIDE.format(path=path, closed=closed, user=user, way=way)


def _read_result_file(place: ArchiveFolder, name: str) -> tuple[Origin, int]:
    """The origin and size according to the result file of the archive; empty and 0 if it is missing."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        result = json.loads(place.beginning(name + RESULT, LONGEST_RESULT))
        return Origin(**{known: result[known] for known in IN_RESULT_FILE if result.get(known)}), int(result["size"])
    return Origin(), 0


def _refuse_other_than_archive(url: str) -> None:
    """ValueError with a sentence if the URL's scheme is not ours, though fsspec may know it by a package that came with
    another; or if it is a folder, with the latest archive in it."""
    folder = ArchiveFolder(url)
    if folder.scheme not in SCHEMES:
        raise ValueError(RELATIVE)
    if url and folder.is_here and os.path.isdir(folder.folder):
        latest = "".join(f", misalnya {folder.path(name)}" for name in folder.archives()[-1:])
        raise ValueError(A_FOLDER.format(url, latest))


def refuse_not_empty(target: Source) -> None:
    """ValueError with a sentence that names what is in the target, and the command that empties it."""
    paths = sorted(path for path in target.var.iterdir() if not _is_ignorable(path, target.url))
    names = [path.name for path in paths[:LONGEST_NAMES]]
    commands = [shlex.join(["rm", "-r", *map(str, paths)])] if paths else []
    if schema.has_people(target.url, target.owner_url):
        names.append("basis data")
        commands.append(copier_of(target.url).emptying(target.url, target.owner_url))
    if names:
        raise ValueError(OCCUPIED.format(names=", ".join(names), way=" && ".join(commands)))


def _is_ignorable(path: Path, url: str) -> bool:
    """Whether a restore may ignore it: created by a first start, or an empty folder."""
    if path.name == OF_DISK or (path.is_dir() and not any(path.iterdir())):
        return True
    own = f"{Path(sqlite.path_of(url)).name}" if engine(url) is sqlite else ""
    return path.name in MADE_AT_START | TO_REACH_IT or (bool(own) and path.name.startswith(own))


def restore(target: Source, archive_url: str, key: bytes) -> Manifest:
    """Restore an archive; its manifest. ValueError with a sentence if the target is not empty or the archive broken.

    Nothing is moved into place before all of it was unpacked, restored into a scratch database and checked; if moving
    fails, the target is left as empty as before. The result is marked as a copy until its role is decided.
    """
    look_at(target, archive_url)
    folder, _, name = archive_url.rpartition("/")
    with work_folder(target.var) as work:
        manifest = _unpack(ArchiveFolder(folder or "."), name, key, work / PROOF)
        refuse_unsuitable(target, Origin(manifest.engine, manifest.migrations))
        state = backup_worker.verify_copy(work / PROOF, target.url, target.owner_url, manifest.lacking)
        if state.shape == manifest.shape and state.digest != manifest.digest:
            raise BrokenArchive(backup_worker.SAME)
        install_or_undo(target, work / PROOF, key)
    seal.install(key_in(target.var / KEY))  # migrations of an older version's data may have to encrypt
    schema.prepare(target.url, owner_url=target.owner_url)
    _delete_sessions(target)
    return manifest


def _unpack(place: ArchiveFolder, name: str, key: bytes, folder: Path) -> Manifest:
    try:
        with place.reading(name) as file:
            return archive.unpack(FrameReader(file, key), folder)
    except (FileNotFoundError, NotADirectoryError) as absent:
        raise ValueError(ABSENT.format(name)) from absent
    except OSError as unread:
        if unread.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # the fault is the local disk, not the archive
        raise ValueError(UNREAD.format(why(unread))) from unread


def install_or_undo(target: Source, folder: Path, key: bytes) -> None:
    """Move what was unpacked into place, the database last and atomically. On failure everything is removed again, so
    that the restore can be repeated."""
    try:
        # First: a panel with this key must not make backups unless it is marked as a copy.
        installation.mark_as(target.var, installation.RESTORED)
        # Before the rest: a panel without a key makes a new one, which is on no sheet.
        write_key(target.var / archive.FILE, key)
        _move_into_place(target, folder)
    except Exception:
        shutil.rmtree(target.files, ignore_errors=True)
        for name in (KEY, archive.FILE, installation.STATUS_FILE):
            (target.var / name).unlink(missing_ok=True)
        raise


def _move_into_place(target: Source, folder: Path) -> None:
    """Files and key first: without a database the target still counts as empty."""
    (folder / FILES).mkdir(exist_ok=True)
    target.files.mkdir(exist_ok=True)
    (folder / FILES).replace(target.files)
    (folder / KEY).replace(target.var / KEY)
    (target.var / KEY).chmod(0o600)
    os.sync()  # flush all of it before the database is there
    backup_worker.copier_of(target.url).bring(folder, target.url, target.owner_url)


def _delete_sessions(target: Source) -> None:
    """Delete the rows of the models that do not survive a restore, such as sessions."""
    owner = engine(target.url).owner_database(target.owner_url or target.url)
    with owner.connection_context():
        for model in all_models():
            if not model.survives_restore:
                owner.execute_sql(f'DELETE FROM "{model._meta.table_name}"')  # noqa: S608 - names of our own models


PATH = re.compile(r"(?:[0-9a-f]{2}/)?[0-9a-f]{64}")
NO_NAME = "Ini bukan nama berkas panel; salin namanya dari `check-files`."
SOUND = "Berkas ini masih utuh; tidak ada yang perlu dikembalikan."
NOWHERE = "Berkas ini tidak ada di dalam cadangan mana pun di {}."


def restore_stored_file(source: Source, path: str, place_url: str) -> str:
    """Restore one stored file; the name of the archive it came from. ValueError with a sentence if none contains it."""
    if not PATH.fullmatch(path):
        raise ValueError(NO_NAME)
    name = path[-64:]
    file, part = source.files / name[:2] / name, f"{FILES}/{name[:2]}/{name}"
    if is_intact(file):
        raise ValueError(SOUND)
    with work_folder(source.var) as work:
        archived = _extract_from_latest(ArchiveFolder(place_url), archive.key_from(source.var), part, work)
        file.parent.mkdir(parents=True, exist_ok=True)
        with (work / part).open("rb") as extracted:
            os.fsync(extracted.fileno())  # before the rename, as for every stored file
        (work / part).replace(file)
        settle(file.parent)
    return archived


def _extract_from_latest(place: ArchiveFolder, key: bytes, part: str, work: Path) -> str:
    """Extract the part from the latest archive that contains it undamaged; that archive's name. ValueError with a
    sentence if none does."""
    try:
        place.refuse_absent()
        for archived in reversed(place.archives()):
            with suppress(BrokenArchive), place.reading(archived) as file:  # an older archive may be sound
                if archive.pick(FrameReader(file, key), part, work) and is_intact(work / part):
                    return archived
    except OSError as unread:
        raise ValueError(UNREAD.format(why(unread))) from unread
    raise ValueError(NOWHERE.format(place.url))
