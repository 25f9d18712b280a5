"""The report as a text to be read before it is sent: its parts, each told whatever has become of the others."""

from collections.abc import Callable, Iterator

from admin.diagnosis import chosen, failed, installed, kept, timed
from admin.diagnosis.line import Line
from admin.process.failurelog import kind_of
from models.operations.checks import Watched
from models.store.base import database
from models.store.outage import DATABASE_ERRORS
from sop.words import format_moment

HEAD = "Diagnosis Panel Pengaduan, {at}"
FOREWORD = (
    "Berkas ini tidak memuat isi pengaduan, nama, nomor, kata sandi, atau kunci. Bacalah dahulu, lalu kirimkan\n"
    "sendiri kepada orang yang membantu. Panel tidak mengirimnya ke mana pun."
)
AWAY = Line("basis data", "tidak dapat dihubungi")

Part = Callable[[Watched], Iterator[Line]]
PARTS: tuple[tuple[str, Part], ...] = (
    ("Versi", installed.versions),
    ("Paket", installed.packages),
    ("Lingkungan", chosen.environment),
    ("Tempat penyimpanan", kept.room),
    ("Gangguan terakhir", failed.failures),
    ("Permintaan terakhir", failed.requests),
)
OF_DATABASE: tuple[tuple[str, Part], ...] = (
    ("Basis data", kept.base),
    ("Migrasi", kept.migrations),
    ("Baris tiap tabel", kept.rows),
    ("Surel", kept.letters),
    ("Pemeriksaan", kept.checked),
    ("Pengaturan", chosen.settings),
    ("Lama pengerjaan (milidetik, yang tercepat dari beberapa kali)", timed.times),
)


def report(place: Watched) -> str:
    """Reads only. What cannot be read says so, and the rest is told all the same."""
    parts = [_part(title, part, place) for title, part in PARTS]
    return "\n\n".join([HEAD.format(at=format_moment(place.at)), FOREWORD, *parts, *_of_database(place)]) + "\n"


def _of_database(place: Watched) -> list[str]:
    try:
        sort = kept.open_to_look(place.url)
    except (*DATABASE_ERRORS, OSError, ValueError) as fault:
        return [_written("Basis data", [AWAY, Line("sebab", kind_of(fault))])]
    if sort is None:
        return [_written("Basis data", [Line("basis data", "berkasnya belum ada")])]
    try:
        parts = [_part(title, part, place) for title, part in OF_DATABASE]
    finally:
        database.close()
    return [_written("Cara membaca", [Line("basis data", sort)]), *parts]


def _part(title: str, part: Part, place: Watched) -> str:
    """A part and its lines, as far as they could be read."""
    lines: list[Line] = []
    try:
        lines.extend(part(place))
    except Exception as fault:  # whatever it is, the other parts are worth having, and its words may be anybody's
        lines.append(Line("tidak dapat dibaca", kind_of(fault)))
    return _written(title, lines)


def _written(title: str, lines: list[Line]) -> str:
    width = max((len(line.name) for line in lines), default=0)
    return "\n".join([title, *(f"  {line.name:<{width}}  {line.says}".rstrip() for line in lines)])
