"""A backup is brought back: with the key from the sheet, into an empty place only, and checked before it counts."""

import errno
import os
import shutil
from pathlib import Path

from models import schema
from models.backup import archive, child
from models.backup import key as keys
from models.backup.archive import FILES, KEY, Manifest
from models.backup.frames import BrokenArchive, FrameReader
from models.backup.making import PROOF, Source, working
from models.backup.place import ArchiveFolder
from models.installation import standing
from models.restore.looking import ABSENT, UNREAD, Origin, look_at, refuse_unfit
from models.store import seal
from models.store.base import all_models, engine
from models.store.outage import why


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
        said = child.proven(work / PROOF, target.url, target.owner_url, manifest.lacking)
        if said.shape == manifest.shape and said.digest != manifest.digest:
            raise BrokenArchive(child.SAME)
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
        standing.mark_as(target.var, standing.RESTORED)  # first: with this key nobody makes a backup who is no copy
        keys.keep(target.var, key)  # before the rest: a panel that finds none makes one that no sheet holds
        _lay(target, folder)
    except Exception:
        shutil.rmtree(target.files, ignore_errors=True)
        for name in (KEY, keys.FILE, standing.NAME):
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
    child.copies_of(target.url).bring(folder, target.url, target.owner_url)


def _forget_sessions(target: Source) -> None:
    """Whoever was signed in where the backup was made is not signed in here."""
    owner = engine(target.url).owner_database(target.owner_url or target.url)
    with owner.connection_context():
        for model in all_models():
            if not model.survives_restore:
                owner.execute_sql(f'DELETE FROM "{model._meta.table_name}"')  # noqa: S608 - names of our own models
