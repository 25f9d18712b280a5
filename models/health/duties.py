"""All that has to be in order for an office to lose nothing and be let in, as a table: one row for each thing.

/health/ready asks what stops the work this minute (`checks.py`); this also asks what nobody would notice until the day
on which it is needed. `panel check`, the page and the letters all tell these rows.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.content.keysheet import TITLE
from models.health import around, checks, failing, kept, unsafe
from models.health.checks import Watched
from models.health.finding import Finding, Surroundings, unknown, well, wrong
from models.reserve.notes import waiting_notes
from models.store import sqlite
from models.store.base import database, engine
from models.store.outage import DATABASE_ERRORS, SAID_OF, Outage, outage_of
from models.tables.verified import last_verified
from sop.words import format_moment

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
        kept.proven_backup,
        "Lihat sebabnya di halaman Cadangan, atau isi tempatnya pada Pengaturan.",
    ),
    Duty(
        "place",
        "Tempat cadangan terpisah",
        kept.other_disk,
        "Pasang diska lain atau pilih tempat pada komputer lain, lalu isi tempatnya pada Pengaturan.",
    ),
    Duty("sheet", TITLE, kept.printed_sheet, "Cetak lembarnya dan simpan di lemari besi."),
    Duty(
        "key",
        "Kunci panel",
        unsafe.next_start,
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
        around.certificate,
        "Perbarui sertifikatnya, lalu muat ulang nginx.",
        asks_database=False,
    ),
    Duty(
        "clock",
        "Jam server",
        around.clock,
        "Jalankan `timedatectl set-ntp true` di server, dan periksa apakah server waktunya terjangkau.",
    ),
    Duty(
        "version",
        "Versi panel",
        around.version,
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
