"""Which column of a file says what: of SP4N-LAPOR!'s export, as mapped, or guessed from its heads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from models.imports.refused import NO_TABLE, UnreadableFile
from models.imports.tables import HEAD_WITHIN, readable_head, rows_of_file

# What a column can say, and how that is called where somebody chooses.
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
    """A kind of file: by which head its table is known, and the heads of the columns for each field.

    Of several columns for one field the first that says something counts. A row is closed if it tells the day of an
    answer, or if its status begins with one of `closed`, in small letters. `medium` is the code of the medium through
    which its complaints came.
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
        "story": ("Isi Laporan Awal", "Isi Laporan Akhir"),  # as it was told; the other one is edited
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


MOST = 60  # heads that somebody chooses from
LONGEST = 200  # letters of one, or of what is typed of one field
FEWEST = 2  # columns of a table
_DATES = ("tanggal", "tgl")
_CAME = ("masuk", "keluhan", "aduan", "pengaduan", "lapor", "laporan", "diterima", "terima")
_ENDED = ("dijawab", "jawab", "selesai", "ditutup", "keluar", "ditanggapi", "penyelesaian")


def _of_both(firsts: tuple[str, ...], seconds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{first} {second}" for second in seconds for first in firsts)


WORDS = {
    # by field in whose order heads are given away: what a head of it has among its words, the likeliest first
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
    # by field: with which word among its own a head is of something else
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
    """The heads of its columns as they are seen there. UnreadableFile, with a sentence, where it has no table.

    They are the fullest of the first rows, and of equally full ones the first: titles above have fewer cells.
    """
    rows = [[readable_head(cell) for cell in row] for row in rows_of_file(data)[:HEAD_WITHIN]]
    fullest = max((list(dict.fromkeys(filter(None, row))) for row in rows), key=len, default=[])
    heads = [head for head in fullest if len(head) <= LONGEST]
    if len(heads) < FEWEST:
        raise UnreadableFile(NO_TABLE)
    return heads[:MOST]


def likely_columns(heads: list[str]) -> dict[str, str]:
    """Which head each field is likely to have, each head once, the shortest of several; who knows the file decides."""
    left, likely = {head: _words_of(head) for head in heads}, {}
    for field, kinds in WORDS.items():
        of_field = {head: words for head, words in left.items() if words.isdisjoint(NEVER.get(field, ()))}
        fitting = (head for kind in kinds if (head := _shortest_of(of_field, kind)))
        if head := next(fitting, ""):
            likely[field] = head
            del left[head]
    return {field: likely[field] for field in FIELDS if field in likely}


def _words_of(head: str) -> frozenset[str]:
    """Its words, however they are set apart: "TanggalMasuk", "tanggal_masuk", "Tanggal/Masuk"."""
    return frozenset(_WORD.findall(_HUMP.sub(" ", head).casefold()))


def _shortest_of(heads: Mapping[str, frozenset[str]], kind: str) -> str:
    """The shortest head that has all these words, behind = that has no other."""
    wanted = frozenset(kind.removeprefix("=").split())
    alone = kind.startswith("=")
    return min(
        (head for head, words in heads.items() if wanted <= words and (wanted == words or not alone)),
        key=len,
        default="",
    )
