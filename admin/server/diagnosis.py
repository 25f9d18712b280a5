"""The diagnosis report: what is stored, how long typical work takes, and the text of the report."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import peewee

from admin.server import diagnosis_server
from admin.server.diagnosis_server import Line
from admin.server.logs import kind_of
from models.case.sample import contents
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.email.queue import AGAIN, STATES, QueuedEmail, waiting_since
from models.office.lists import Category
from models.office.settings import values
from models.operations.checks import CHECKS, CheckContext
from models.schema import FOLDER, applied_migrations, migration_files
from models.store import sqlite
from models.store.base import all_models, append_only_tables, database, engine
from models.store.outage import DATABASE_ERRORS
from models.store.seal import Seal
from papers.printing import press
from sop.vocabulary import vocabulary
from sop.words import format_moment, format_number, format_size

MOVES = ("notes",)  # checks that repair something while they run
AS_EVER = "seperti biasa"
FROZEN = "tanpa jurnalnya, yang tidak dapat dibuka (mungkin tempat penyimpanan penuh)"


def connect_read_only(url: str) -> str | None:
    """Connect read-only, without preparing anything; how it was opened in words, None if there is no database file."""
    if engine(url) is not sqlite:
        _connect(engine(url).reading_database(url, append_only_tables))
        return AS_EVER
    file = sqlite.file_of(url)
    if not file.is_file():
        return None
    if not _journal_of(file).is_file():  # no process has it open: the one file is complete
        _connect(sqlite.frozen_database(url))
        return AS_EVER
    try:
        _connect(sqlite.reading_database(url, append_only_tables))
    except DATABASE_ERRORS:
        database.close()
        _connect(sqlite.frozen_database(url))
        return FROZEN
    return AS_EVER


def _connect(to: peewee.Database) -> None:
    database.initialize(to)
    database.connect()
    database.execute_sql('SELECT 1 FROM "migration" LIMIT 1').fetchone()  # SQLite opens a file at the first query


def _journal_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def room(place: CheckContext) -> Iterator[Line]:
    """Free space where the panel writes, and the size of its logs; folders by their purpose, never by their path."""
    folders = {"VAR_DIR": place.var, "cadangan kerja": place.var / "cadangan.kerja", "log": place.var / "log"}
    if engine(place.url) is sqlite:
        folders["basis data"] = sqlite.file_of(place.url).parent
    for name, folder in folders.items():
        if folder.is_dir():
            disk = os.statvfs(folder)
            free, total = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
            yield Line(name, f"sisa {format_size(free)} dari {format_size(total)}")
    log = folders["log"]
    size = sum(file.stat().st_size for file in log.glob("*") if file.is_file()) if log.is_dir() else 0
    yield Line("berkas log", format_size(size))


def base(place: CheckContext) -> Iterator[Line]:
    kind = engine(place.url)
    yield Line("jenis", kind.NAME)
    if kind is sqlite:
        file = sqlite.file_of(place.url)
        yield Line("ukuran", format_size(file.stat().st_size))
        journal = _journal_of(file)
        yield Line("jurnal", format_size(journal.stat().st_size if journal.is_file() else 0))
        return
    [(server, size)] = database.execute_sql("SELECT version(), pg_database_size(current_database())").fetchall()
    yield Line("versi server", " ".join(str(server).split()[:2]))
    yield Line("ukuran", format_size(int(size)))


def migrations(place: CheckContext) -> Iterator[Line]:
    """Migrations of this version by name; of unknown ones only the number."""
    known, applied = migration_files(engine(place.url), FOLDER).keys(), applied_migrations(database)
    yield Line("dijalankan", f"{len(known & applied)} dari {len(known)}")
    for name in sorted(known - applied):
        yield Line("belum dijalankan", name)
    yield Line("tidak dikenal", str(len(applied - known)))


def rows(place: CheckContext) -> Iterator[Line]:
    for model in sorted(all_models(), key=lambda model: str(model._meta.table_name)):
        table = str(model._meta.table_name)
        try:
            [count] = database.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - our own models
        except DATABASE_ERRORS as fault:
            yield Line(table, f"tidak dapat dibaca: {kind_of(fault)}")
        else:
            yield Line(table, format_number(count))


def emails(place: CheckContext) -> Iterator[Line]:
    """How many e-mails wait for the mail server, and since when; none of their content."""
    count, since = waiting_since()
    yield Line("menunggu", f"{count}, sejak {format_moment(since)}" if since else str(count))
    for state in AGAIN:
        yield Line(STATES[state].lower(), str(QueuedEmail.select().where(QueuedEmail.state == state).count()))


def checked(place: CheckContext) -> Iterator[Line]:
    """Whether each check found a fault; its sentence is left out because it names folders."""
    for check in CHECKS:
        if check.name not in MOVES:
            try:
                yield Line(check.name, "gangguan" if check.fault(place) else "baik")
            except Exception as fault:  # the exception's class is what support needs
                yield Line(check.name, f"tidak dapat diperiksa: {kind_of(fault)}")


TIMES = 3
SEALED = 100  # texts per run
TEXT = "Bantuan tidak diterima sejak bulan Juli. " * 50


def times(place: CheckContext) -> Iterator[Line]:
    of_lists = Complaint.select(Complaint, Category).join(Category)
    yield _line("satu pernyataan", lambda: database.execute_sql("SELECT 1").fetchone())
    yield _line("dua puluh pengaduan terbaru", lambda: list(of_lists.order_by(Complaint.id.desc()).limit(20)))
    yield _line("lima puluh catatan riwayat terbaru", lambda: list(Event.select().order_by(Event.id.desc()).limit(50)))
    yield _line("pengaturan", values)
    yield _line(f"{SEALED} teks disegel dan dibuka", _seal)
    kind = next(iter(vocabulary().papers))
    yield _line("satu dokumen dicetak", lambda: press.unissued_pdf(contents(values(), (kind,), at=place.at)[0]))


def _seal() -> None:
    """Encrypt and decrypt texts with a key made for this call."""
    seal = Seal(os.urandom(32), "diagnosis")
    for number in range(SEALED):
        seal.open_text(str(number), seal.close_text(str(number), TEXT))


def _line(name: str, work: Callable[[], object]) -> Line:
    milliseconds = []
    try:
        for _ in range(TIMES):
            begun = time.perf_counter()
            work()
            milliseconds.append((time.perf_counter() - begun) * 1000)
    except Exception as fault:  # the exception's class is what support needs
        return Line(name, f"gagal: {kind_of(fault)}")
    return Line(name, f"{min(milliseconds):.1f}")


HEAD = "Diagnosis Panel Pengaduan, {at}"
FOREWORD = (
    "Berkas ini tidak memuat isi pengaduan, nama, nomor, kata sandi, atau kunci. Bacalah dahulu, lalu kirimkan\n"
    "sendiri kepada orang yang membantu. Panel tidak mengirimnya ke mana pun."
)
AWAY = Line("basis data", "tidak dapat dihubungi")

Part = Callable[[CheckContext], Iterator[Line]]
PARTS: tuple[tuple[str, Part], ...] = (
    ("Versi", diagnosis_server.versions),
    ("Paket", diagnosis_server.packages),
    ("Lingkungan", diagnosis_server.environment),
    ("Tempat penyimpanan", room),
    ("Gangguan terakhir", diagnosis_server.failures),
    ("Permintaan terakhir", diagnosis_server.requests),
)
OF_DATABASE: tuple[tuple[str, Part], ...] = (
    ("Basis data", base),
    ("Migrasi", migrations),
    ("Baris tiap tabel", rows),
    ("Surel", emails),
    ("Pemeriksaan", checked),
    ("Pengaturan", diagnosis_server.settings),
    ("Lama pengerjaan (milidetik, yang tercepat dari beberapa kali)", times),
)


def report(place: CheckContext) -> str:
    """The report as text. Reads only; a part that fails is reported as unreadable, the others follow."""
    parts = [_part(title, part, place) for title, part in PARTS]
    return "\n\n".join([HEAD.format(at=format_moment(place.at)), FOREWORD, *parts, *_of_database(place)]) + "\n"


def _of_database(place: CheckContext) -> list[str]:
    try:
        manner = connect_read_only(place.url)
    except (*DATABASE_ERRORS, OSError, ValueError) as fault:
        return [_section("Basis data", [AWAY, Line("sebab", kind_of(fault))])]
    if manner is None:
        return [_section("Basis data", [Line("basis data", "berkasnya belum ada")])]
    try:
        parts = [_part(title, part, place) for title, part in OF_DATABASE]
    finally:
        database.close()
    return [_section("Cara membaca", [Line("basis data", manner)]), *parts]


def _part(title: str, part: Part, place: CheckContext) -> str:
    """A part with its lines, up to the first that failed."""
    lines: list[Line] = []
    try:
        lines.extend(part(place))
    except Exception as fault:  # its message is left out: it may hold personal data
        lines.append(Line("tidak dapat dibaca", kind_of(fault)))
    return _section(title, lines)


def _section(title: str, lines: list[Line]) -> str:
    width = max((len(line.name) for line in lines), default=0)
    return "\n".join([title, *(f"  {line.name:<{width}}  {line.says}".rstrip() for line in lines)])
