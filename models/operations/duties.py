"""What has to be in order, as a table; how each stood at the last look, and the letters about trouble.

/health/ready asks what stops the work this minute (models/operations/checks.py); this also asks what nobody would
notice until the day on which it is needed. `panel check`, the page and the letters all tell these rows.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.case.sheets import KEY_SHEET_TITLE
from models.complaint.event import last_verified
from models.complaint.reserve import waiting_notes
from models.imports.batches import clear_waiting
from models.letters.letter import Words
from models.letters.queue import Kinds, NewLetter, QueuedLetter, ReadyLetter, WithheldLetter, queue
from models.letters.smtp import installed_outbox
from models.office.people import User
from models.office.settings import values
from models.operations import checks, failing, surroundings
from models.operations.checks import (
    LONGEST,
    WELL,
    WRONG,
    DutyState,  # it is asked for here
    Finding,
    Surroundings,
    Watched,
    looked_last,
    unknown,
    well,
    wrong,
)
from models.operations.failing import KIND, look_for_sheets
from models.store import sqlite
from models.store.base import database, engine, now
from models.store.outage import DATABASE_ERRORS, SAID_OF, Outage, outage_of
from sop.access import ADMIN
from sop.words import format_long_moment, format_moment

log = logging.getLogger("panel.health")
ANSWERS, ROOM, UNNOTED = "Basis data menjawab.", "Ruang kosong cukup.", "Tidak ada catatan akses yang tertahan."
ROOM_HERE = "Ruang kosong cukup; diska server PostgreSQL diperiksa di servernya sendiri."
PRINTING, MIGRATED = "Tidak ada dokumen yang tertahan.", "Basis data sesuai dengan versi ini."
WHOLE, UNWALKED = "Riwayat utuh pada pemeriksaan {at}.", "Riwayat belum pernah diperiksa."
UNASKED = "Tidak dapat diperiksa karena gangguan pada basis data."
STUMBLED = "Tidak dapat diperiksa karena gangguan pada panel."


@dataclass(frozen=True)
class Duty:
    """One thing that has to be in order: how it is looked at, and what is to be done once it is not."""

    name: str
    title: str
    look: Callable[[Surroundings], Finding]
    cure: str
    asks_database: bool = True


def _as_checked(fault_of: Callable[[Watched], str], in_order: str) -> Callable[[Surroundings], Finding]:
    """A check of /health/ready as one of these."""

    def look(place: Surroundings) -> Finding:
        fault = fault_of(place)
        return wrong(fault) if fault else well(in_order)

    return look


def _room(place: Surroundings) -> Finding:
    return _as_checked(checks.disk, ROOM if engine(place.url) is sqlite else ROOM_HERE)(place)


def _notes(place: Surroundings) -> Finding:
    """Only counted: a look changes nothing."""
    count = waiting_notes()
    return wrong(checks.FULL.format(count=count)) if count else well(UNNOTED)


def _chain(place: Surroundings) -> Finding:
    last = last_verified()
    if last is None:
        return unknown(UNWALKED)
    return _as_checked(checks.chain, WHOLE.format(at=format_moment(last.at)))(place)


DUTIES = (
    Duty(
        "backup",
        "Cadangan teruji",
        failing.proven_backup,
        "Lihat sebabnya di halaman Cadangan, atau isi tempatnya pada Pengaturan.",
    ),
    Duty(
        "place",
        "Tempat cadangan terpisah",
        failing.other_disk,
        "Pasang diska lain atau pilih tempat pada komputer lain, lalu isi tempatnya pada Pengaturan.",
    ),
    Duty("sheet", KEY_SHEET_TITLE, failing.printed_sheet, "Cetak lembarnya dan simpan di lemari besi."),
    Duty(
        "key",
        "Kunci panel",
        surroundings.next_start,
        "Kerjakan itu sebelum panel dihentikan atau dimulai ulang: panel tidak dapat mulai sebelum kuncinya beres.",
        asks_database=False,
    ),
    Duty(
        "database",
        "Basis data",
        lambda place: well(ANSWERS),  # it has been reached, or none of these is asked
        "Bila tidak dapat dihubungi, periksa apakah server basis datanya berjalan dan tempat penyimpanannya masih ada. "
        "Bila rusak, hentikan panel, pindahkan berkasnya ke tempat lain tanpa menghapusnya, lalu pulihkan cadangan "
        "terakhir; caranya tertulis pada docs/panduan/pasang.md.",
    ),
    Duty(
        "migration",
        "Susunan basis data",
        _as_checked(checks.migration, MIGRATED),
        "Mulai ulang panel; bila tetap demikian, pasang ulang versi ini.",
    ),
    Duty(
        "chain",
        "Keutuhan riwayat",
        _chain,
        "Jalankan `panel verify` di server, simpan hasilnya, dan jangan hapus cadangan yang lama.",
    ),
    Duty(
        "disk",
        "Tempat penyimpanan",
        _room,
        "Kosongkan tempat atau perbesar diskanya; bila tidak dapat ditulisi, kembalikan pemilik dan izin foldernya. "
        "Panel pulih sendiri tanpa dimulai ulang.",
        asks_database=False,
    ),
    Duty("notes", "Catatan akses", _notes, "Kosongkan tempat penyimpanan; catatannya lalu dipindahkan sendiri."),
    Duty(
        "press",
        "Pencetakan dokumen",
        _as_checked(checks.press, PRINTING),
        "Lihat dokumen yang gagal dicetak pada Beranda; bila tidak ada, mulai ulang panel.",
    ),
    Duty(
        "answers",
        "Halaman yang gagal",
        failing.answers,
        "Buat laporan dengan `panel diagnose` di server, lalu kirimkan kepada yang membantu.",
        asks_database=False,
    ),
    Duty(
        "letters",
        "Surel",
        failing.letters,
        "Lihat sebabnya pada daftar Surel, lalu coba dengan `panel mail-test ALAMAT`.",
    ),
    Duty(
        "certificate",
        "Sertifikat HTTPS",
        surroundings.certificate,
        "Perbarui sertifikatnya, lalu muat ulang nginx.",
        asks_database=False,
    ),
    Duty(
        "clock",
        "Jam server",
        surroundings.clock,
        "Jalankan `timedatectl set-ntp true` di server, dan periksa apakah server waktunya terjangkau.",
    ),
    Duty(
        "version",
        "Versi panel",
        surroundings.version,
        "Perbarui panel. Bila versi baru itu tidak jadi dipakai, hapus foldernya.",
        asks_database=False,
    ),
)
BY_NAME: Mapping[str, Duty] = {duty.name: duty for duty in DUTIES}


def findings_at(place: Surroundings) -> dict[str, Finding]:
    """How each of them stands, by name, in their order; what cannot be asked without the database says so."""
    findings = {duty.name: _finding(duty, place) for duty in DUTIES if not duty.asks_database}
    asked = [duty for duty in DUTIES if duty.asks_database]
    try:
        _refuse_absent(place.url)
        with database.connection_context():
            findings |= {duty.name: _finding(duty, place) for duty in asked}
    except (OSError, ValueError, *DATABASE_ERRORS) as fault:
        told = wrong(SAID_OF[outage_of(fault) or Outage.AWAY])
        findings |= {duty.name: unknown(UNASKED) for duty in asked} | {"database": told}
    return {duty.name: findings[duty.name] for duty in DUTIES}


def _finding(duty: Duty, place: Surroundings) -> Finding:
    try:
        return duty.look(place)
    except Exception as fault:  # whatever it is, it takes no other along, nor the thread that looks
        outage = outage_of(fault)
        if outage is Outage.DAMAGED and duty.asks_database:
            raise  # no other can be believed, either
        if outage:
            return unknown(UNASKED)
        log.error("%s could not be looked at: %s", duty.name, type(fault).__name__)
        return unknown(STUMBLED)


def _refuse_absent(url: str) -> None:
    """A database that is not there must not be made by a look."""
    if engine(url) is sqlite and not sqlite.file_of(url).is_file():
        raise FileNotFoundError(url)


trouble_log = logging.getLogger("panel.health")
DAY = timedelta(hours=23, minutes=30)  # looks are an hour apart: else a daily letter would go later each day
STALE = timedelta(minutes=65)  # a look is as old as that where no timer of the system's has looked meanwhile
PAUSE = 60.0  # seconds between two questions whether one is due


def follow(around: Callable[[], Surroundings], stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Look once an hour until told to stop. Runs in a thread of its own, in as many processes as serve."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                is_due = is_stale(now())
            if is_due:
                look_and_tell(around())
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            trouble_log.error("the panel could not be looked at: %s", type(trouble).__name__)


def is_stale(at: datetime) -> bool:
    """Whether nobody has looked for an hour."""
    looked = looked_last()
    return looked is None or abs(at - looked) >= STALE


def look_and_tell(place: Surroundings) -> dict[str, Finding]:
    """Look at everything, keep what was found, and queue the letters that are due; in the panel itself, which can read
    what is sealed."""
    with database.connection_context():
        look_for_sheets(place.at)
    findings = findings_at(place)
    keep_and_tell(findings, place.at)
    return findings


def keep_and_tell(findings: Mapping[str, Finding], at: datetime) -> None:
    """Where the database is away nothing can be kept, and nobody's address is known. Files that waited too long go."""
    with database.connection_context():
        keep_findings(findings, at)
        queue_letters(at)
        clear_waiting(at)


def keep_findings(findings: Mapping[str, Finding], at: datetime) -> None:
    """Note how everything stands now; since when stays where nothing has changed."""
    with database.atomic():
        before = {row.name: row for row in DutyState.select()}
        rows = [
            {
                "name": name,
                "state": finding.state,
                "sentence": finding.sentence[:LONGEST],
                "looked_at": at,
                "since": before[name].since if name in before and before[name].state == finding.state else at,
            }
            for name, finding in findings.items()
        ]
        changed = [DutyState.state, DutyState.sentence, DutyState.looked_at, DutyState.since]
        DutyState.insert_many(rows).on_conflict(conflict_target=[DutyState.name], preserve=changed).execute()
        DutyState.delete().where(DutyState.name.not_in(list(findings))).execute()  # of another version


def last_look() -> dict[str, DutyState]:
    """How everything stood, by name, in the order of the table; nothing before the first look."""
    rows = {row.name: row for row in DutyState.select()}
    return {duty.name: rows[duty.name] for duty in DUTIES if duty.name in rows}


def readers() -> list[User]:
    """Whom a letter about troubles reaches: nobody chooses it, as nobody chooses that the panel fails."""
    reached = User.active & (User.role == ADMIN) & User.email.is_null(False) & (User.email != "")
    return list(User.select().where(reached).order_by(User.id))


def queue_letters(at: datetime) -> None:
    """Tell what has begun, lasts for another day or is over; with it everything else that is wrong by then, so that
    the next letter of all of it goes in a day. Whoever else has told it first is left alone with it."""
    rows = list(last_look().values())
    people = readers() if installed_outbox() and any(_is_due(row, at) for row in rows) else []
    if not people:
        return
    with database.atomic() as transaction:
        if all(_is_marked(row, at) for row in rows if is_news(row)):  # in one order: nobody waits for another crosswise
            queue([NewLetter(f"{KIND}/{user.id}/{at.isoformat()}", KIND, user=user.id) for user in people], at)
        else:
            transaction.rollback()


def is_news(row: DutyState) -> bool:
    """Whether a letter has something to say of it: it is wrong, or was so at the last letter and is well by now."""
    return bool(row.state == WRONG or (row.state == WELL and row.told_wrong))


def _is_due(row: DutyState, at: datetime) -> bool:
    """Whether it calls for a letter of its own. One told of by a clock that ran ahead is told of anew."""
    return is_news(row) and (row.told_at is None or abs(at - row.told_at) >= DAY)


def _is_marked(row: DutyState, at: datetime) -> bool:
    """Whether it is told by this letter now, and not by somebody else's since it was read."""
    before = DutyState.told_at.is_null() if row.told_at is None else DutyState.told_at == row.told_at
    same = (DutyState.name == row.name) & (DutyState.state == row.state) & before
    return bool(DutyState.update(told_at=at, told_wrong=row.state == WRONG).where(same).execute())


SUBJECT_WRONG = "Panel Pengaduan perlu ditangani: {count} hal"
SUBJECT_OVER = "Panel Pengaduan: sudah baik kembali"
TEXT = """\
Yth. Bapak/Ibu,

{parts}

Keadaan yang terbaru ada pada Data induk, Pemeriksaan panel. Surel ini dikirim
kepada setiap Pengelola Sistem, paling banyak sekali sehari untuk hal yang
sama. Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
WRONG_HEAD, OVER_HEAD = "Yang perlu ditangani pada panel:", "Yang sudah baik kembali:"
WRONG_LINE, OVER_LINE = "- {title}, sejak {since}:\n  {sentence}\n  {cure}", "- {title}, sejak {since}"
GONE = "Penerimanya bukan lagi Pengelola Sistem, atau tidak lagi memuat alamat surel."
LATER = "Surel yang lebih baru mengabarkannya."


def trouble_letter(letter: QueuedLetter, at: datetime) -> ReadyLetter | WithheldLetter:
    """What this letter was queued for, as it stands when it goes; what a later one tells is left to that."""
    user = letter.user
    if not (user.active and user.email and user.role == ADMIN):
        return WithheldLetter(GONE)
    rows = [row for row in last_look().values() if row.told_at == letter.queued_at]
    lasting, over = _lines_of(rows, WRONG, WRONG_LINE), _lines_of(rows, WELL, OVER_LINE)
    if not (lasting or over):
        return WithheldLetter(LATER)
    parts = "\n\n".join("\n".join(lines) for lines in ([WRONG_HEAD, *lasting], [OVER_HEAD, *over]) if lines[1:])
    subject = SUBJECT_WRONG.format(count=len(lasting)) if lasting else SUBJECT_OVER
    return ReadyLetter(user.email, Words(subject, TEXT.format(parts=parts, office=values()["panel.office"])))


def _lines_of(rows: Iterable[DutyState], state: str, line: str) -> list[str]:
    """One for each that stands so."""
    return [
        line.format(
            title=BY_NAME[row.name].title,
            since=format_long_moment(row.since),
            sentence=row.sentence,
            cure=BY_NAME[row.name].cure,
        )
        for row in rows
        if row.state == state
    ]


KINDS: Kinds = {KIND: trouble_letter}
