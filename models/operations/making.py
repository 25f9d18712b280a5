"""Making a backup: copied, sealed, proven by a restore; how long it is kept; the program beside it."""

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
from models.complaint.event import note_verified
from models.operations import archive, backupchild
from models.operations.archive import CHANGED, FILES, KEY, BrokenArchive, FrameReader, FrameWriter, Manifest
from models.operations.kept_files import is_sound
from models.operations.place import (
    FAILED,
    RESULT,
    UNPROVEN,
    ArchiveFolder,
    claim,
    moment_of,
    new_name,
    objection,
    of_key,
)
from models.store.backups import Backup, names_made, note_gone
from models.store.base import Columns, engine, now
from models.store.installation import UNDECIDED, sentence, standing
from models.store.outage import why

HELD = ".tahan"  # beside an archive
HELD_FOR = timedelta(days=30)
LONGEST = 4096  # bytes of such a file


@dataclass(frozen=True)
class Spans:
    """How many days, weeks and months back there is one."""

    days: int = 7
    weeks: int = 5
    months: int = 12


def kept_names(names: Iterable[str], spans: Spans) -> set[str]:
    """The names that stay; the latest always does."""
    latest_first = sorted(names, key=lambda name: (moment_of(name), name), reverse=True)
    kept = set(latest_first[:1])
    for count, period in ((spans.days, _day), (spans.weeks, _week), (spans.months, _month)):
        kept |= _last_of_each(latest_first, count, period)
    return kept


def _last_of_each(latest_first: list[str], count: int, period: Callable[[datetime], object]) -> set[str]:
    """Periods without a backup do not count: after a long pause the old ones stay until there are new ones."""
    last: dict[object, str] = {}
    for name in latest_first:
        last.setdefault(period(moment_of(name)), name)
    return set(list(last.values())[:count])


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return at.year, at.month


def hold(place: ArchiveFolder, name: str, why: str, until: date) -> None:
    """From now on this archive stays until a day has passed."""
    with place.writing(name + HELD) as file:
        file.write(json.dumps({"until": until.isoformat(), "why": why}, ensure_ascii=False).encode())


def held_names(place: ArchiveFolder, names: Iterable[str], today: date) -> set[str]:
    """Those of the archives whose day has not passed."""
    marked = set(place.names())
    return {name for name in names if name + HELD in marked and _held_until(place, name) >= today}


def _held_until(place: ArchiveFolder, name: str) -> date:
    """What cannot be read holds for ever: somebody meant to keep that archive."""
    try:
        return date.fromisoformat(json.loads(place.beginning(name + HELD, LONGEST))["until"])
    except (ValueError, KeyError, TypeError):
        return date.max


NAME = "panel-program-{}.tar.gz"
MANIFEST = "MANIFEST.sha256"  # of a release: each line a hash, two spaces, a file
LEFT_OUT = {".venv", "var", "build", "tests", "bench", "__pycache__", "node_modules"}  # besides what begins with a dot


def name_of_program() -> str:
    """The name under which this version lies beside its backups."""
    return NAME.format(release.version())


def lay_program(place: ArchiveFolder, house: Path, var: Path) -> None:
    """Write this version into the place if it is not there: whole or not at all. The panel's data never go along."""
    name = name_of_program()
    if name in place.names():
        return
    with place.writing(name + UNPROVEN) as file, tarfile.open(fileobj=file, mode="w|gz") as tar:
        released = _released(house)
        tar.add(house, name.removesuffix(".tar.gz"), filter=lambda entry: _kept(entry, house, var, released))
    place.rename(name + UNPROVEN, name)


def _released(house: Path) -> set[str]:
    """The files and folders of a release, as its manifest names them; none where the program came otherwise."""
    if not (house / MANIFEST).exists():
        return set()
    named = [Path(MANIFEST), *(Path(line[66:]) for line in (house / MANIFEST).read_text("utf-8").splitlines())]
    return {str(path) for file in named for path in (file, *file.parents)}


def _kept(entry: tarfile.TarInfo, house: Path, var: Path, released: set[str]) -> tarfile.TarInfo | None:
    """An entry as it goes along, None for what does not. A release goes as its manifest names it, else it is refused
    where it is installed."""
    inner = Path(*Path(entry.name).parts[1:])
    left_out = [part for part in inner.parts if part in LEFT_OUT or part.startswith(".")]
    goes = str(inner) in released if released else not left_out
    data = var.is_relative_to(house) and (house / inner).is_relative_to(var)
    if not goes or data or not (entry.isfile() or entry.isdir() or entry.issym()):
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
    key = archive.key_from(source.var)
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
    key = archive.key_from(source.var)
    claim(place, key, standing(source.var), at)
    state = backupchild.copied(source.url, bytes.fromhex((source.var / KEY).read_text().strip()), work)
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
    copy = backupchild.copies_of(source.url).PART
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
    state = backupchild.proven(folder, source.url, source.owner_url, manifest.lacking)
    if (state.digest, state.entries) != (manifest.digest, manifest.entries):
        raise BrokenArchive(backupchild.SAME)


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
