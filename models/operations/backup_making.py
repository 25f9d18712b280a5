"""Makes a backup: copies, encrypts, verifies by a restore; its retention; the archive of the program."""

import contextlib
import fcntl
import hashlib
import json
import logging
import shutil
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from models import release
from models.complaint.event import record_verification
from models.operations import archive, backup_worker
from models.operations.archive import CHANGED, FILES, KEY, BrokenArchive, FrameReader, FrameWriter, Manifest
from models.operations.backup_location import (
    FAILED,
    RESULT,
    UNPROVEN,
    ArchiveFolder,
    archive_name,
    archives_of_key,
    claim,
    moment_of,
    objection,
)
from models.operations.stored_files import is_intact
from models.store.backups import Backup, names_made, record_missing_archives
from models.store.base import Columns, engine, now
from models.store.installation import UNDECIDED, sentence, status
from models.store.keys import key_in
from models.store.outage import why

EXEMPT = ".tahan"  # suffix of the file next to an archive that exempts it from retention
EXEMPT_FOR = timedelta(days=30)
LONGEST = 4096  # bytes read of such a file


@dataclass(frozen=True)
class Spans:
    """Retention: for how many days, weeks and months one backup each is retained."""

    days: int = 7
    weeks: int = 5
    months: int = 12


def retained_names(names: Iterable[str], spans: Spans) -> set[str]:
    """The names that retention does not remove; always includes the latest."""
    latest_first = sorted(names, key=lambda name: (moment_of(name), name), reverse=True)
    retained = set(latest_first[:1])
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (spans.days, lambda at: at.date()),
        (spans.weeks, lambda at: at.isocalendar()[:2]),
        (spans.months, lambda at: (at.year, at.month)),
    )
    for count, period_of in periods:
        # Periods without a backup do not count: after a long pause the old backups stay until there are new ones.
        last: dict[object, str] = {}
        for name in latest_first:
            last.setdefault(period_of(moment_of(name)), name)
        retained.update(list(last.values())[:count])
    return retained


def exempt_from_retention(place: ArchiveFolder, name: str, why: str, until: date) -> None:
    """Exempt this archive from retention up to and including a day."""
    with place.writing(name + EXEMPT) as file:
        file.write(json.dumps({"until": until.isoformat(), "why": why}, ensure_ascii=False).encode())


def exempt_names(place: ArchiveFolder, names: Iterable[str], today: date) -> set[str]:
    """Those of the archives that are exempt from retention today."""
    marked = set(place.names())
    return {name for name in names if name + EXEMPT in marked and _exempt_until(place, name) >= today}


def _exempt_until(place: ArchiveFolder, name: str) -> date:
    """The last day of the exemption; without end if the file cannot be parsed, since the archive was meant to stay."""
    try:
        return date.fromisoformat(json.loads(place.beginning(name + EXEMPT, LONGEST))["until"])
    except (ValueError, KeyError, TypeError):
        return date.max


NAME = "panel-program-{}.tar.gz"
MANIFEST = "MANIFEST.sha256"  # of a release, in the format of sha256sum
LEFT_OUT = {".venv", "var", "build", "tests", "bench", "__pycache__", "node_modules"}  # and dot files


def program_archive_name() -> str:
    """The file name of this version's program archive."""
    return NAME.format(release.version())


def archive_program(place: ArchiveFolder, house: Path, var: Path) -> None:
    """Write an archive of this version's program next to the backups if there is none; atomic, without any data."""
    name = program_archive_name()
    if name in place.names():
        return
    with place.writing(name + UNPROVEN) as file, tarfile.open(fileobj=file, mode="w|gz") as tar:
        released = _release_files(house)
        tar.add(house, name.removesuffix(".tar.gz"), filter=lambda entry: _program_entry(entry, house, var, released))
    place.rename(name + UNPROVEN, name)


def _release_files(house: Path) -> set[str]:
    """The files and folders in a release's manifest; empty if the program was not installed from a release."""
    if not (house / MANIFEST).exists():
        return set()
    named = [Path(MANIFEST), *(Path(line[66:]) for line in (house / MANIFEST).read_text("utf-8").splitlines())]
    return {str(path) for file in named for path in (file, *file.parents)}


def _program_entry(entry: tarfile.TarInfo, house: Path, var: Path, released: set[str]) -> tarfile.TarInfo | None:
    """A tarfile filter: the entry without its owner, None to leave it out. Of a release exactly the files in its
    manifest are included, because deploy/install refuses any other set."""
    inner = Path(*Path(entry.name).parts[1:])
    left_out = [part for part in inner.parts if part in LEFT_OUT or part.startswith(".")]
    is_program = str(inner) in released if released else not left_out
    is_data = var.is_relative_to(house) and (house / inner).is_relative_to(var)
    if not is_program or is_data or not (entry.isfile() or entry.isdir() or entry.issym()):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


log = logging.getLogger(__name__)
WORK, LOCK, PROOF = "cadangan.kerja", "cadangan.kunci", "bukti"
BUSY = "Pencadangan lain sedang berjalan."
UNWRITTEN = "Cadangan tidak dapat ditulis atau dibaca kembali: {}."
SHORTENED = (
    "Riwayat lebih pendek daripada pada cadangan {name}: di sana {before} catatan, sekarang {now}. Mungkin basis data "
    "lama telah dipasang kembali."
)
LONGEST_RESULT = 64 * 1024  # bytes read of the result file of an archive
KEYLESS = "Kunci panel (panel.key) tidak ada di folder data panel."


@dataclass(frozen=True)
class Source:
    """A panel to back up or to restore into: its database, the owner role's URL, its VAR_DIR."""

    url: str
    owner_url: str | None
    var: Path
    program: Path | None = None  # the folder it runs from, if it is archived next to the backups

    @property
    def files(self) -> Path:
        return self.var / FILES


def make_backup(source: Source, place_url: str, spans: Spans) -> Backup:
    """Make a backup, verify it, and apply retention. Returns its row, whose `fault` is "" if it is good.

    ValueError with a sentence if it cannot be started. The thread's database connection must be open.
    """
    if status(source.var) in UNDECIDED:
        raise ValueError(sentence(source.var))
    place, at, begun = ArchiveFolder(place_url), now(), time.monotonic()
    name = archive_name(at)
    with work_folder(source.var) as work:
        try:
            facts = _make_and_verify(source, place, name, at, work)
        except Exception as fault:  # remote stores raise their own types
            with contextlib.suppress(Exception):
                place.remove(name + UNPROVEN)
            facts = {"fault": _sentence(fault)}
    seconds = round(time.monotonic() - begun)
    # After the working folder is gone: if it had filled the disk, the row can be written again.
    tried: Backup = Backup.create(at=at, name=name, place=place_url, seconds=seconds, **facts)
    if not tried.fault:
        _finish_good_backup(source, place, spans, tried)
    return tried


def _finish_good_backup(source: Source, place: ArchiveFolder, spans: Spans, made: Backup) -> None:
    """After a good backup: compare with the one before, apply retention, archive the program. If the store fails here,
    the backup stays good and the next one cleans up."""
    key = archive.key_from(source.var)
    try:
        if shortened := _shortened(place, key, made):
            record_verification(made.entries, [shortened])  # and skip retention: older archives may be the only copy
        else:
            apply_retention(place, spans, key, made.name, names_made(place.url))
        record_missing_archives(place.url, set(place.names()), made.at)
        if source.program:
            archive_program(place, source.program, source.var)
    except OSError as away:
        log.error("what is older than backup %s could not be let go: %s", made.name, why(away))


def _shortened(place: ArchiveFolder, key: bytes, made: Backup) -> str:
    """The sentence if the history has fewer entries than in the previous archive, as after an older database was put in
    its place, which passes its own verification. "" if not, or if that archive has no result file."""
    before = [name for name in archives_of_key(place, place.archives(), key) if name < made.name]
    try:
        result = json.loads(place.beginning(before[-1] + RESULT, LONGEST_RESULT)) if before else {}
        entries = int(result.get("entries", 0))
    except (OSError, ValueError, AttributeError):
        return ""
    lost = {"name": before[-1], "before": entries, "now": made.entries} if entries > made.entries else {}
    return SHORTENED.format(**lost) if lost else ""


def checked_location(source: Source, url: str) -> ArchiveFolder:
    """The archive folder at this URL. ValueError with a sentence if it cannot be used for backups."""
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
def work_folder(var: Path) -> Iterator[Path]:
    """A temporary working folder under an exclusive lock. ValueError with a sentence if the lock is taken."""
    with (var / LOCK).open("a") as lock:  # a second process must not erase since when the first one runs
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            raise ValueError(BUSY) from busy
        lock.truncate(0)
        lock.write(now().isoformat())
        lock.flush()
        work = var / WORK
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
            lock.truncate(0)


def running_since(var: Path) -> datetime | None:
    """Since when a backup or a restore has been running in any process; None if there is none.

    The lock is only tried where the file says that one runs, since a backup that begins meanwhile would find it taken.
    """
    try:
        with (var / LOCK).open() as lock:
            since = datetime.fromisoformat(lock.read())
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return since
    except (FileNotFoundError, ValueError):
        pass
    return None  # never run, ended, or its process was killed


def _make_and_verify(source: Source, place: ArchiveFolder, name: str, at: datetime, work: Path) -> Columns:
    checked_location(source, place.url)
    if not (source.var / KEY).exists():
        raise ValueError(KEYLESS)
    key = archive.key_from(source.var)
    claim(place, key, status(source.var), at)
    state = backup_worker.copy_database(source.url, key_in(source.var / KEY), work)
    sound = [path for path in state.paths if is_intact(source.files / path)]
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
        _verify(source, place, name + UNPROVEN, key, work)
    except ValueError as fault:
        # The complete archive is renamed, for diagnosis; only the last one that failed is retained.
        for old in archives_of_key(place, [old for old in place.names() if old.endswith(FAILED)], key):
            place.remove(old)
        place.rename(name + UNPROVEN, name + FAILED)
        return {**facts, "fault": _sentence(fault)}
    kind = {"version": release.version(), "engine": manifest.engine, "migrations": manifest.migrations}
    result = {"name": name, **facts, **kind, "at": at.isoformat(), "proven_at": now().isoformat()}
    with place.writing(name + RESULT) as file:  # readable without a panel; it contains no personal data
        file.write(json.dumps(result, indent=1).encode())
    place.rename(name + UNPROVEN, name)
    if not place.renames:
        refuse_changed_archive(place, name, str(facts["sha256"]))
    return facts


def _write(
    source: Source, place: ArchiveFolder, name: str, sound: list[str], manifest: Manifest, key: bytes, work: Path
) -> Columns:
    copy = backup_worker.copier_of(source.url).PART
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


def _verify(source: Source, place: ArchiveFolder, name: str, key: bytes, work: Path) -> None:
    """Read the archive back, restore it into a scratch database and compare. ValueError with a sentence."""
    folder = work / PROOF
    with place.reading(name) as file:
        manifest = archive.unpack(FrameReader(file, key), folder)
    state = backup_worker.verify_copy(folder, source.url, source.owner_url, manifest.lacking)
    if (state.digest, state.entries) != (manifest.digest, manifest.entries):
        raise BrokenArchive(backup_worker.SAME)


def refuse_changed_archive(place: ArchiveFolder, name: str, sha256: str) -> None:
    """Remove the archive and raise BrokenArchive if its hash is not that of the verified one: on stores without rename
    the final name is a copy."""
    with place.reading(name) as file:
        copied = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    if copied != sha256:
        place.remove(name)
        raise BrokenArchive(CHANGED)


def apply_retention(place: ArchiveFolder, spans: Spans, key: bytes, latest: str, made_here: set[str]) -> list[str]:
    """Remove archives beyond their retention, and unfinished ones; the names of the removed archives.

    Only archives that this panel has made: another panel, or the one that this is a copy of, may use the same folder.
    `latest` always stays, even if a wrong clock has dated others after it.
    """
    names = [name for name in archives_of_key(place, place.archives(), key) if name in made_here]
    over = sorted(set(names) - retained_names(names, spans) - {latest} - exempt_names(place, names, now().date()))
    unfinished = archives_of_key(place, [name for name in place.names() if name.endswith(UNPROVEN)], key)
    for name in [*over, *(name + suffix for name in over for suffix in (RESULT, EXEMPT)), *unfinished]:
        place.remove(name)
    return over
