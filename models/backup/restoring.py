"""A backup is brought back: with the key from the sheet, into an empty place only, and checked before it counts."""

import os
from pathlib import Path

from models import schema
from models.backup import archive, child
from models.backup import key as keys
from models.backup.archive import FILES, KEY, Manifest
from models.backup.frames import BrokenArchive, FrameReader
from models.backup.making import LOCK, PROOF, WORK, Source, working
from models.backup.place import ArchiveFolder
from models.password.aside import NAME as TRIES
from models.password.first import NAME as FIRST_LINK
from models.reserve.notes import NAME as RESERVE
from models.store import seal, sqlite
from models.store.base import all_models, engine

MADE_AT_START = {KEY, "secret.key", "ekspor", RESERVE, TRIES, FIRST_LINK, WORK, LOCK}  # there before anything was kept
TO_REACH_IT = {".ssh", ".aws"}  # VAR_DIR is the home of the panel's user: how the backup is reached stands there
OF_DISK = "lost+found"  # at the root of a disk of its own; only root may look into it
OCCUPIED = "Tempat tujuan tidak kosong: {}. Cadangan hanya dipulihkan ke tempat yang kosong."
OTHER_KIND = "Cadangan ini dari basis data {}, sedangkan DATABASE_URL menunjuk {}. Pulihkan ke jenis yang sama."
ABSENT = "Berkas cadangan {} tidak ditemukan."
A_FOLDER = "{} adalah folder. Sebutkan berkas cadangannya{}."
UNREAD = "Cadangan tidak dapat dibaca: {}."


def restore(target: Source, archive_url: str, key: bytes) -> Manifest:
    """Bring an archive back; what it holds. ValueError in a sentence if the place is not empty or the archive broken.

    Nothing is laid into its place before all of it was unpacked, restored aside and checked.
    """
    refuse_occupied(target)
    _refuse_folder(archive_url)
    folder, _, name = archive_url.rpartition("/")
    with working(target.var) as work:
        manifest = _unpacked(ArchiveFolder(folder or "."), name, key, work / PROOF)
        if manifest.engine != engine(target.url).NAME:
            raise ValueError(OTHER_KIND.format(manifest.engine, engine(target.url).NAME))
        said = child.proven(work / PROOF, target.url, target.owner_url, manifest.lacking)
        if said.shape == manifest.shape and said.digest != manifest.digest:
            raise BrokenArchive(child.SAME)
        keys.keep(target.var, key)  # first: a panel that finds none makes one that no sheet holds
        _lay(target, work / PROOF)
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
        raise ValueError(UNREAD.format(unread.strerror or type(unread).__name__)) from unread


def _refuse_folder(url: str) -> None:
    """ValueError in a sentence that names the latest archive in it."""
    folder = ArchiveFolder(url)
    if url and folder.is_here and Path(folder.folder).is_dir():
        latest = "".join(f", misalnya {folder.path(name)}" for name in folder.archives()[-1:])
        raise ValueError(A_FOLDER.format(url, latest))


def refuse_occupied(target: Source) -> None:
    """ValueError in a sentence that names what is in the way."""
    in_the_way = sorted(path.name for path in target.var.iterdir() if not _may_be_there(path, target.url))
    if schema.in_use(target.url):
        in_the_way.append("basis data")
    if in_the_way:
        raise ValueError(OCCUPIED.format(", ".join(in_the_way[:5])))


def _may_be_there(path: Path, url: str) -> bool:
    """What a start lays into an empty place by itself, and folders with nothing in them."""
    if path.name == OF_DISK or (path.is_dir() and not any(path.iterdir())):
        return True
    own = f"{Path(sqlite.path_of(url)).name}" if engine(url) is sqlite else ""
    return path.name in MADE_AT_START | TO_REACH_IT or (bool(own) and path.name.startswith(own))


def _lay(target: Source, folder: Path) -> None:
    """The database last: until it is there, nobody takes the place for an office."""
    (folder / FILES).mkdir(exist_ok=True)
    target.files.mkdir(exist_ok=True)
    (folder / FILES).replace(target.files)
    (folder / KEY).replace(target.var / KEY)
    (target.var / KEY).chmod(0o600)
    os.sync()  # all of it is on the disk before the database is there
    child.copies_of(target.url).bring(folder, target.url, target.owner_url)


def _forget_sessions(target: Source) -> None:
    """Whoever was signed in where the backup was made is not signed in here."""
    owner = engine(target.url).owner_database(target.owner_url or target.url)
    with owner.connection_context():
        for model in all_models():
            if not model.survives_restore:
                owner.execute_sql(f'DELETE FROM "{model._meta.table_name}"')  # noqa: S608 - names of our own models
