"""A backup is made: copied, sealed, written, read back, restored into an empty place, and only then called one."""

import contextlib
import fcntl
import hashlib
import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models import release
from models.backup import archive, child
from models.backup import key as keys
from models.backup.age import HELD, Spans, held_names, kept_names
from models.backup.archive import FILES, KEY, Manifest
from models.backup.bound import claim, of_key
from models.backup.frames import CHANGED, BrokenArchive, FrameReader, FrameWriter
from models.backup.kept import is_sound
from models.backup.place import FAILED, RESULT, UNPROVEN, ArchiveFolder, new_name, objection
from models.backup.program import lay_program
from models.installation.standing import UNDECIDED, sentence, standing
from models.store.base import Columns, engine, now
from models.store.outage import why
from models.tables.backup import Backup, names_made, note_gone
from models.tables.verified import note_verified

log = logging.getLogger(__name__)
WORK, LOCK, PROOF = "cadangan.kerja", "cadangan.kunci", "bukti"
BUSY = "Pencadangan lain sedang berjalan."
UNWRITTEN = "Cadangan tidak dapat ditulis atau dibaca kembali: {}."
SHORTENED = (
    "Riwayat lebih pendek daripada pada cadangan {name}: di sana {before} catatan, sekarang {now}. Mungkin basis data "
    "lama telah dipasang kembali."
)
LONGEST_RESULT = 64 * 1024  # bytes: what is said beside an archive
KEYLESS = "Kunci panel (panel.key) tidak ada di folder data panel."


@dataclass(frozen=True)
class Source:
    """A panel to be copied: its database, who owns the tables, its folder."""

    url: str
    owner_url: str | None
    var: Path
    program: Path | None = None  # the folder it runs from, where that is to lie beside its backups

    @property
    def files(self) -> Path:
        return self.var / FILES


def make_backup(source: Source, place_url: str, spans: Spans) -> Backup:
    """Make a backup, prove it, and let those go whose time is over. Its row, which says whether it is good.

    ValueError in a sentence if none can even be begun. The thread's connection to the database must be open.
    """
    if standing(source.var) in UNDECIDED:
        raise ValueError(sentence(source.var))
    place, at, begun = ArchiveFolder(place_url), now(), time.monotonic()
    name = new_name(at)
    with working(source.var) as work:
        try:
            facts = _made_and_proven(source, place, name, at, work)
        except Exception as fault:  # of a store far away, too, whose errors are its own
            _discard(place, name + UNPROVEN)
            facts = {"fault": _sentence(fault)}
    seconds = round(time.monotonic() - begun)
    # Only now: what filled the disk has given its room back, and the row says what happened.
    tried: Backup = Backup.create(at=at, name=name, place=place_url, seconds=seconds, **facts)
    if not tried.fault:
        _compare_and_let_go(source, place, spans, tried)
    return tried


def _compare_and_let_go(source: Source, place: ArchiveFolder, spans: Spans, made: Backup) -> None:
    """What follows a good one. A store that goes away meanwhile takes nothing from it: the next one tidies up."""
    key = keys.key_from(source.var)
    try:
        if shortened := _shortened(place, key, made):
            note_verified(made.entries, [shortened])  # and nothing goes: what lies there may be all that is left
        else:
            let_go(place, spans, key, made.name, names_made(place.url))
        note_gone(place.url, set(place.names()), made.at)
        if source.program:
            lay_program(place, source.program, source.var)
    except OSError as away:
        log.error("what is older than backup %s could not be let go: %s", made.name, why(away))


def _shortened(place: ArchiveFolder, key: bytes, made: Backup) -> str:
    """The sentence that says that the history holds less than in the archive before: somebody has put an older database
    in its place, which is whole in itself. "" if not, or if nothing is said beside that archive."""
    before = [name for name in of_key(place, place.archives(), key) if name < made.name]
    try:
        told = json.loads(place.beginning(before[-1] + RESULT, LONGEST_RESULT)) if before else {}
        entries = int(told.get("entries", 0))
    except (OSError, ValueError, AttributeError):
        return ""
    lost = {"name": before[-1], "before": entries, "now": made.entries} if entries > made.entries else {}
    return SHORTENED.format(**lost) if lost else ""


def checked_place(source: Source, url: str) -> ArchiveFolder:
    """The place of this address. ValueError in a sentence if backups cannot be kept there."""
    if sentence := objection(url, source.var):
        raise ValueError(sentence)
    place = ArchiveFolder(url)
    place.refuse_absent()
    return place


def _sentence(fault: Exception) -> str:
    if not isinstance(fault, ValueError):
        return UNWRITTEN.format(why(fault))
    return str(fault)[:400]


@contextmanager
def working(var: Path) -> Iterator[Path]:
    """A folder to work in, gone afterwards; one process at a time. ValueError in a sentence while another works."""
    with (var / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            raise ValueError(BUSY) from busy
        work = var / WORK
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _made_and_proven(source: Source, place: ArchiveFolder, name: str, at: datetime, work: Path) -> Columns:
    checked_place(source, place.url)
    if not (source.var / KEY).exists():
        raise ValueError(KEYLESS)
    key = keys.key_from(source.var)
    claim(place, key, standing(source.var), at)
    state = child.copied(source.url, bytes.fromhex((source.var / KEY).read_text().strip()), work)
    sound = [path for path in state.paths if is_sound(source.files / path)]
    manifest = Manifest(
        at=at.isoformat(),
        engine=engine(source.url).NAME,
        digest=state.digest,
        shape=state.shape,
        entries=state.entries,
        migrations=state.migrations,
        lacking=sorted(set(state.paths) - set(sound)),
    )
    facts = _write(source, place, name + UNPROVEN, sound, manifest, key, work)
    try:
        _prove(source, place, name + UNPROVEN, key, work)
    except ValueError as fault:
        _keep_failed(place, name, key)
        return {**facts, "fault": _sentence(fault)}
    kind = {"version": release.version(), "engine": manifest.engine, "migrations": manifest.migrations}
    _write_result(place, name, {**facts, **kind, "at": at.isoformat(), "proven_at": now().isoformat()})
    place.rename(name + UNPROVEN, name)
    if not place.renames:
        refuse_other(place, name, str(facts["sha256"]))
    return facts


def _write(
    source: Source, place: ArchiveFolder, name: str, sound: list[str], manifest: Manifest, key: bytes, work: Path
) -> Columns:
    copy = child.copies_of(source.url).PART
    parts = [
        (copy, work / copy),
        (KEY, source.var / KEY),
        *((f"{FILES}/{path}", source.files / path) for path in sound),
    ]
    with place.writing(name) as file:
        out = FrameWriter(file, key)
        archive.pack(parts, manifest, out)
    (work / copy).unlink()
    return {
        "size": out.size,
        "sha256": out.hashed.hexdigest(),
        "digest": manifest.digest,
        "entries": manifest.entries,
        "files": len(sound),
        "lacking": manifest.lacking,
    }


def _prove(source: Source, place: ArchiveFolder, name: str, key: bytes, work: Path) -> None:
    """Read back what was written, restore it into an empty place and compare. ValueError in a sentence."""
    folder = work / PROOF
    with place.reading(name) as file:
        manifest = archive.unpack(FrameReader(file, key), folder)
    state = child.proven(folder, source.url, source.owner_url, manifest.lacking)
    if (state.digest, state.entries) != (manifest.digest, manifest.entries):
        raise BrokenArchive(child.SAME)


def refuse_other(place: ArchiveFolder, name: str, sha256: str) -> None:
    """BrokenArchive if what bears the name is not what was proven, and then it is gone: a copy is read back as well."""
    with place.reading(name) as file:
        copied = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    if copied != sha256:
        place.remove(name)
        raise BrokenArchive(CHANGED)


def _write_result(place: ArchiveFolder, name: str, facts: Columns) -> None:
    """What the proof found, beside the archive, for whoever has no panel any more; it names nobody."""
    with place.writing(name + RESULT) as file:
        file.write(json.dumps({"name": name, **facts}, indent=1).encode())


def _keep_failed(place: ArchiveFolder, name: str, key: bytes) -> None:
    """The last one that was written whole and did not pass, for whoever looks into it: better than none."""
    for old in of_key(place, [old for old in place.names() if old.endswith(FAILED)], key):
        place.remove(old)
    place.rename(name + UNPROVEN, name + FAILED)


def _discard(place: ArchiveFolder, name: str) -> None:
    with contextlib.suppress(Exception):
        place.remove(name)


def let_go(place: ArchiveFolder, spans: Spans, key: bytes, latest: str, made_here: set[str]) -> list[str]:
    """Remove the archives whose time is over, and what was begun and never ended; the names of the archives.

    Only what this panel has made and knows of: another one may keep its backups in the same folder, also one of which
    this is a copy. The one just made stays, whatever lies ahead of it by a clock that was wrong.
    """
    names = [name for name in of_key(place, place.archives(), key) if name in made_here]
    over = sorted(set(names) - kept_names(names, spans) - {latest} - held_names(place, names, now().date()))
    begun = of_key(place, [name for name in place.names() if name.endswith(UNPROVEN)], key)
    for name in [*over, *(name + beside for name in over for beside in (RESULT, HELD)), *begun]:
        place.remove(name)
    return over
