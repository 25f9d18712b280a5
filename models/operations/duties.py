"""The duties: everything that must be in order, as a table; their last findings, and the alert e-mails about them.

/health/ready reports what stops the work now (models/operations/checks.py); the duties also cover what goes unnoticed
until it is needed, such as backups. `panel check`, the page Kesehatan panel and the alert e-mails show these rows.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.case.sheets import KEY_SHEET_TITLE
from models.complaint.accesslog_reserve import waiting_entries
from models.complaint.event import last_verified, record_verification
from models.complaint.returned import delete_expired_returns
from models.email.message import Words
from models.email.queue import Kinds, NewEmail, QueuedEmail, ReadyEmail, WithheldEmail, queue
from models.email.smtp import installed_outbox
from models.imports.batches import delete_expired_files
from models.office.long_work import delete_expired_works
from models.office.people import User
from models.office.settings import values
from models.operations import checks, environment_checks, failure_checks, signing_settings
from models.operations.checks import (
    LONGEST,
    WELL,
    WRONG,
    CheckContext,
    DutyState,  # re-exported
    EnvironmentContext,
    Finding,
    last_check_at,
    never,
    unknown,
    well,
    wrong,
)
from models.operations.failure_checks import KIND, backfill_key_sheets
from models.reading.category_words import count_words_if_due
from models.store import sqlite
from models.store.base import database, engine, now
from models.store.outage import DATABASE_ERRORS, OUTAGE_SENTENCES, Outage, outage_of
from sop.access import ADMIN
from sop.words import format_long_moment, format_moment

log = logging.getLogger("panel.health")
CHAIN = "chain"
ANSWERS, ROOM, NONE_WAITING = "Basis data menjawab.", "Ruang kosong cukup.", "Tidak ada catatan akses yang tertahan."
ROOM_HERE = "Ruang kosong cukup; diska server PostgreSQL diperiksa di servernya sendiri."
PRINTING, MIGRATED = "Tidak ada dokumen yang tertahan.", "Basis data sesuai dengan versi ini."
WHOLE, UNWALKED = "Riwayat utuh pada pemeriksaan {at}.", "Riwayat belum pernah diperiksa."
UNASKED = "Tidak dapat diperiksa karena gangguan pada basis data."
STUMBLED = "Tidak dapat diperiksa karena gangguan pada panel."


@dataclass(frozen=True)
class Duty:
    """One thing that must be in order: how it is checked, and what to do if it fails."""

    name: str
    title: str
    look: Callable[[EnvironmentContext], Finding]
    cure: str
    asks_database: bool = True


def _as_checked(fault_of: Callable[[CheckContext], str], in_order: str) -> Callable[[EnvironmentContext], Finding]:
    """Adapt a check of /health/ready to a duty."""

    def look(place: EnvironmentContext) -> Finding:
        fault = fault_of(place)
        return wrong(fault) if fault else well(in_order)

    return look


def _room(place: EnvironmentContext) -> Finding:
    return _as_checked(checks.disk, ROOM if engine(place.url) is sqlite else ROOM_HERE)(place)


def _notes(place: EnvironmentContext) -> Finding:
    """Counts without moving any entry, unlike `checks.notes`: checking a duty changes nothing."""
    count = waiting_entries()
    return wrong(checks.FULL.format(count=count)) if count else well(NONE_WAITING)


def _chain(place: EnvironmentContext | None = None) -> Finding:
    last = last_verified()
    if last is None:
        return never(UNWALKED)
    return wrong(checks.BROKEN.format(at=last.at)) if last.broken else well(WHOLE.format(at=format_moment(last.at)))


DUTIES = (
    Duty(
        "backup",
        "Cadangan teruji",
        failure_checks.verified_backup,
        "Lihat sebabnya di halaman Cadangan dan tekan Cadangkan sekarang di sana, atau isi tempatnya pada Pengaturan.",
    ),
    Duty(
        "place",
        "Tempat cadangan terpisah",
        failure_checks.other_disk,
        "Pasang diska lain atau pilih tempat pada komputer lain, lalu isi tempatnya pada Pengaturan.",
    ),
    Duty("sheet", KEY_SHEET_TITLE, failure_checks.printed_sheet, "Cetak lembarnya dan simpan di lemari besi."),
    Duty(
        "key",
        "Kunci panel",
        environment_checks.key_for_next_start,
        "Kerjakan itu sebelum panel dihentikan atau dimulai ulang: panel tidak dapat mulai sebelum kuncinya beres.",
        asks_database=False,
    ),
    Duty(
        "database",
        "Basis data",
        lambda place: well(ANSWERS),  # duties that ask the database are only checked once it is reached
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
        CHAIN,
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
        failure_checks.answers,
        "Buat laporan dengan `panel diagnose` di server, lalu kirimkan kepada yang membantu.",
        asks_database=False,
    ),
    Duty(
        "letters",
        "Surel",
        failure_checks.emails,
        "Lihat sebabnya pada daftar Surel, lalu tekan Kirim surel uji di sana; di server: `panel mail-test ALAMAT`.",
    ),
    Duty(
        "certificate",
        "Sertifikat HTTPS",
        environment_checks.certificate,
        "Perbarui sertifikatnya, lalu muat ulang nginx.",
        asks_database=False,
    ),
    Duty(
        "signing",
        "Tanda tangan elektronik",
        signing_settings.signing_key,
        "Perbaiki SIGNING_… pada lingkungan panel atau perbarui sertifikatnya, lalu mulai ulang panel.",
        asks_database=False,
    ),
    Duty(
        "clock",
        "Jam server",
        environment_checks.clock,
        "Jalankan `timedatectl set-ntp true` di server, dan periksa apakah server waktunya terjangkau.",
    ),
    Duty(
        "version",
        "Versi panel",
        environment_checks.version,
        "Perbarui panel. Bila versi baru itu tidak jadi dipakai, hapus foldernya.",
        asks_database=False,
    ),
)
BY_NAME: Mapping[str, Duty] = {duty.name: duty for duty in DUTIES}


def check_duties(place: EnvironmentContext) -> dict[str, Finding]:
    """The finding of each duty, by name, in the table's order; UNKNOWN for those that need a database that is away."""
    findings = {duty.name: _finding(duty, place) for duty in DUTIES if not duty.asks_database}
    asked = [duty for duty in DUTIES if duty.asks_database]
    try:
        if engine(place.url) is sqlite and not sqlite.file_of(place.url).is_file():
            raise FileNotFoundError(place.url)  # opening it would create it
        with database.connection_context():
            findings |= {duty.name: _finding(duty, place) for duty in asked}
    except (OSError, ValueError, *DATABASE_ERRORS) as fault:
        findings |= {duty.name: unknown(UNASKED) for duty in asked}
        findings["database"] = wrong(OUTAGE_SENTENCES[outage_of(fault) or Outage.AWAY])
    return {duty.name: findings[duty.name] for duty in DUTIES}


def _finding(duty: Duty, place: EnvironmentContext) -> Finding:
    try:
        return duty.look(place)
    except Exception as fault:  # one failing check must stop neither the others nor the thread
        outage = outage_of(fault)
        if outage is Outage.DAMAGED and duty.asks_database:
            raise  # the other findings would be unreliable as well
        if outage:
            return unknown(UNASKED)
        log.error("%s could not be looked at: %s", duty.name, type(fault).__name__)
        return unknown(STUMBLED)


DAY = timedelta(hours=23, minutes=30)  # below 24 hours: checks are hourly, and a daily e-mail must not drift
STALE = timedelta(minutes=65)  # above the hour of the systemd timer, so that the thread only checks in its absence
PAUSE = 60.0  # seconds between two tests whether a check is due


def run_health_checks(around: Callable[[], EnvironmentContext], stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Check the duties hourly until `stop` is set. Runs in a background thread of every server process."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                is_due = is_stale(now())
            if is_due:
                check_and_alert(around())
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("the panel could not be looked at: %s", type(trouble).__name__)


def is_stale(at: datetime) -> bool:
    """Whether the last check is more than an hour old."""
    last = last_check_at()
    return last is None or abs(at - last) >= STALE


def check_and_alert(place: EnvironmentContext) -> dict[str, Finding]:
    """Check all duties, save the findings, and queue the alert e-mails that are due. Runs in the panel, which holds the
    key to encrypted data."""
    with database.connection_context():
        backfill_key_sheets(place.at)
    findings = check_duties(place)
    save_and_alert(findings, place.at)
    return findings


def save_and_alert(findings: Mapping[str, Finding], at: datetime) -> None:
    """Save the findings, queue alert e-mails, delete expired files of imports, returned papers and long
    works, count once a day the words of categories. Raises if the database is away."""
    with database.connection_context():
        save_findings(findings, at)
        queue_alerts(at)
        delete_expired_files(at)
        delete_expired_returns(at)
        delete_expired_works(at)
        count_words_if_due(at)


def save_findings(findings: Mapping[str, Finding], at: datetime) -> None:
    """Replace the stored findings; `since` is only changed together with the state."""
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
        DutyState.delete().where(DutyState.name.not_in(list(findings))).execute()  # duties of another version


def save_verification(entries: int, broken: Sequence[str], at: datetime) -> None:
    """Record a verification of the history; the stored finding about it follows at once, not at the next check. Before
    the first check there is none, and a database that cannot be written is only logged."""
    record_verification(entries, broken)
    with suppress(*DATABASE_ERRORS):
        finding, row = _chain(), DutyState.get_or_none(DutyState.name == CHAIN)
        since = row.since if row and row.state == finding.state else at
        changed = {"state": finding.state, "sentence": finding.sentence[:LONGEST], "since": since}
        DutyState.update(**changed).where(DutyState.name == CHAIN).execute()


def last_findings() -> dict[str, DutyState]:
    """The stored findings by name, in the table's order; empty before the first check."""
    rows = {row.name: row for row in DutyState.select()}
    return {duty.name: rows[duty.name] for duty in DUTIES if duty.name in rows}


def readers() -> list[User]:
    """The recipients of alert e-mails: every active administrator with an e-mail address; there is no opt-out."""
    reached = User.active & (User.role == ADMIN) & User.email.is_null(False) & (User.email != "")
    return list(User.select().where(reached).order_by(User.id))


def queue_alerts(at: datetime) -> None:
    """Queue an alert e-mail if a failure has begun, has lasted for another day or is over. It covers all failures, so
    that the next one is due a day later. If another process marked one of them first, this one queues nothing."""
    rows = list(last_findings().values())
    # A row is also due if its last e-mail was sent at a time in the future, by a wrong clock.
    is_due = any(is_news(row) and (row.told_at is None or abs(at - row.told_at) >= DAY) for row in rows)
    people = readers() if is_due and installed_outbox() else []
    if not people:
        return
    with database.atomic() as transaction:
        if all(_mark(row, at) for row in rows if is_news(row)):  # always in the table's order: no deadlock
            queue([NewEmail(f"{KIND}/{user.id}/{at.isoformat()}", KIND, user=user.id) for user in people], at)
        else:
            transaction.rollback()


def is_news(row: DutyState) -> bool:
    """Whether an alert e-mail lists it: it is wrong, or it was in the last e-mail and is well by now."""
    return bool(row.state == WRONG or (row.state == WELL and row.told_wrong))


def _mark(row: DutyState, at: datetime) -> bool:
    """Claim the row for this e-mail; False if another process has changed it since it was read."""
    before = DutyState.told_at.is_null() if row.told_at is None else DutyState.told_at == row.told_at
    same = (DutyState.name == row.name) & (DutyState.state == row.state) & before
    return bool(DutyState.update(told_at=at, told_wrong=row.state == WRONG).where(same).execute())


SUBJECT_WRONG = "Panel Pengaduan perlu ditangani: {count} hal"
SUBJECT_OVER = "Panel Pengaduan: sudah baik kembali"
TEXT = """\
Yth. Bapak/Ibu,

{parts}

Keadaan yang terbaru ada pada Data induk, Kesehatan panel. Surel ini dikirim
kepada setiap Pengelola Sistem, paling banyak sekali sehari untuk hal yang
sama. Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
WRONG_HEAD, OVER_HEAD = "Yang perlu ditangani pada panel:", "Yang sudah baik kembali:"
WRONG_LINE, OVER_LINE = "- {title}, sejak {since}:\n  {sentence}\n  {cure}", "- {title}, sejak {since}"
GONE = "Penerimanya bukan lagi Pengelola Sistem, atau tidak lagi memuat alamat surel."
LATER = "Surel yang lebih baru mengabarkannya."


def alert_email(email: QueuedEmail, at: datetime) -> ReadyEmail | WithheldEmail:
    """Compose the queued alert e-mail from the current findings, without those that a later e-mail covers."""
    user = email.user
    if not (user.active and user.email and user.role == ADMIN):
        return WithheldEmail(GONE)
    rows = [row for row in last_findings().values() if row.told_at == email.queued_at]
    lasting, over = _lines_of(rows, WRONG, WRONG_LINE), _lines_of(rows, WELL, OVER_LINE)
    if not (lasting or over):
        return WithheldEmail(LATER)
    parts = "\n\n".join("\n".join(lines) for lines in ([WRONG_HEAD, *lasting], [OVER_HEAD, *over]) if lines[1:])
    subject = SUBJECT_WRONG.format(count=len(lasting)) if lasting else SUBJECT_OVER
    return ReadyEmail(user.email, Words(subject, TEXT.format(parts=parts, office=values()["panel.office"])))


def _lines_of(rows: Iterable[DutyState], state: str, line: str) -> list[str]:
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


KINDS: Kinds = {KIND: alert_email}
