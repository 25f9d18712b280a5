"""Mapping of a file's columns to fields: of the SP4N-LAPOR! export, by the office, or guessed from the headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from models.imports.refused import NO_TABLE, UnreadableFile
from models.imports.tables import HEAD_WITHIN, readable_head, rows_of_file

# Fields of a complaint, with the labels shown where a user maps columns.
FIELDS = {
    "reference": "Nomor rujukan",
    "day": "Tanggal masuk",
    "time": "Waktu masuk",
    "answered": "Tanggal dijawab atau selesai",
    "name": "Nama pengadu",
    "kind": "Tipe laporan (anonim atau rahasia)",
    "title": "Judul",
    "story": "Uraian",
    "place": "Alamat atau tempat kejadian",
    "kelurahan": "Kelurahan",
    "kecamatan": "Kecamatan",
    "city": "Kota/kabupaten",
    "topic": "Topik atau kategori",
    "office": "Instansi yang dituju",
    "status": "Status",
}


@dataclass(frozen=True)
class FileForm:
    """A kind of file: the heading by which its header row is found, and the headings of the columns for each field.

    Of several columns for a field the first that is not empty counts. A row is closed if it has the date of an answer,
    or if its status begins with one of `closed` (lower case). `medium` is the code of the medium of its complaints.
    """

    key: str
    label: str
    medium: str
    head: str
    columns: Mapping[str, tuple[str, ...]]
    closed: tuple[str, ...] = ()


LAPOR = FileForm(
    key="lapor",
    label="SP4N-LAPOR!",
    medium="lapor",
    head="Tracking ID",
    columns={
        "reference": ("Tracking ID",),
        "day": ("Tanggal Laporan Masuk",),
        "time": ("Waktu Laporan Masuk",),
        "name": ("Nama Pelapor",),
        "kind": ("Tipe Laporan (Anonim/Rahasia)",),
        "title": ("Judul Laporan",),
        "story": ("Isi Laporan Awal", "Isi Laporan Akhir"),  # the original text; the other one is edited
        "kelurahan": ("Kelurahan",),
        "kecamatan": ("Kecamatan",),
        "city": ("Kota/Kabupaten",),
        "topic": ("Kategori",),
        "office": ("Instansi Terdisposisi",),
        "status": ("Status Laporan",),
    },
    closed=("ditutup", "diarsipkan", "selesai"),
)
FORMS = {form.key: form for form in (LAPOR,)}


MOST = 60  # headings offered for mapping
LONGEST = 200  # characters of a heading, or of the typed headings of a field
FEWEST = 2  # columns that make a table
_DATES = ("tanggal", "tgl")
_CAME = ("masuk", "keluhan", "aduan", "pengaduan", "lapor", "laporan", "diterima", "terima")
_ENDED = ("dijawab", "jawab", "selesai", "ditutup", "keluar", "ditanggapi", "penyelesaian")


def _of_both(firsts: tuple[str, ...], seconds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{first} {second}" for second in seconds for first in firsts)


WORDS = {
    # by field, in the order of assignment: words of its heading, most likely first
    "reference": ("tiket", "tracking", "register", "rujukan", *_of_both(("id",), _CAME), "=id", "nomor", "no"),
    "answered": _of_both((*_DATES, "waktu"), _ENDED),
    "day": (*_of_both(_DATES, _CAME), *_DATES, *_of_both(("waktu",), _CAME)),
    "time": ("waktu", "jam", "pukul"),
    "kind": ("anonim", "tipe"),
    "name": ("nama", "pelapor", "pengadu"),
    "title": ("judul", "perihal"),
    "story": ("uraian", "isi", "deskripsi", "keluhan", "aduan", "pengaduan", "laporan", "kronologi", "teks"),
    "kelurahan": ("kelurahan", "desa"),
    "kecamatan": ("kecamatan",),
    "city": ("kota", "kabupaten"),
    "place": ("alamat", "lokasi", "tempat"),
    "topic": ("topik", "kategori", "bidang", "jenis"),
    "office": ("instansi", "dinas", "opd", "skpd", "diteruskan"),
    "status": ("status", "keadaan"),
}
_NUMBERS = ("hp", "telp", "telepon", "wa", "whatsapp", "nik", "ktp", "kk")
_PLACES = ("kelurahan", "desa", "kecamatan", "kota", "kabupaten", "instansi", "dinas", "opd", "skpd")
NEVER = {
    # by field: words that exclude a heading
    "reference": (*_NUMBERS, "rumah"),
    "day": ("lahir", *_ENDED),
    "time": ("lahir", *_ENDED),
    "name": (*_PLACES, *_NUMBERS, "alamat", "kategori", "topik", "petugas", "jalan"),
    "story": ("tanggal", "tgl", "nama", "kategori", "topik", "jenis", "status", "nomor", "no", "id"),
    "place": ("lahir", "surel", "email", "mail"),
    "topic": ("kelamin",),
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")


def heads_of_file(data: bytes) -> list[str]:
    """The headings of a file. UnreadableFile with a sentence if it has no table.

    The header row is the first with the most non-empty cells: title rows above have fewer.
    """
    rows = [[readable_head(cell) for cell in row] for row in rows_of_file(data)[:HEAD_WITHIN]]
    fullest = max((list(dict.fromkeys(filter(None, row))) for row in rows), key=len, default=[])
    heads = [head for head in fullest if len(head) <= LONGEST]
    if len(heads) < FEWEST:
        raise UnreadableFile(NO_TABLE)
    return heads[:MOST]


def likely_columns(heads: list[str]) -> dict[str, str]:
    """Guess the heading of each field; each heading is used once, the shortest of several. The user confirms it."""
    # The words of a heading in any notation: "TanggalMasuk", "tanggal_masuk", "Tanggal/Masuk".
    left = {head: frozenset(_WORD.findall(_HUMP.sub(" ", head).casefold())) for head in heads}
    likely: dict[str, str] = {}
    for field, kinds in WORDS.items():
        of_field = {head: words for head, words in left.items() if words.isdisjoint(NEVER.get(field, ()))}
        fitting = (head for kind in kinds if (head := _shortest_of(of_field, kind)))
        if head := next(fitting, ""):
            likely[field] = head
            del left[head]
    return {field: likely[field] for field in FIELDS if field in likely}


def _shortest_of(heads: Mapping[str, frozenset[str]], kind: str) -> str:
    """The shortest heading with all these words; with a leading = only if it has no others."""
    wanted = frozenset(kind.removeprefix("=").split())
    alone = kind.startswith("=")
    return min(
        (head for head, words in heads.items() if wanted <= words and (wanted == words or not alone)),
        key=len,
        default="",
    )
