"""What the access log calls an act of looking, in the words in which people read it."""

from collections.abc import Callable

from admin.case.kin import NOTED as KIN
from admin.desk.leaf import OPENED as ON_THE_DESK
from admin.step.likely import NOTED as LIKE
from models.complaint.complaint import PERSONS
from models.complaint.lookup import LOOKED_UP
from models.reading.accesses import Access
from models.records.registry import RECORDS
from sop import flow
from sop.words import format_number

PLAIN = {
    "rincian": "membuka halaman pengaduan",
    "langkah": "membuka halaman langkah",
    "tercatat": "melihat pengaduan yang baru dicatat",
    "berkas lengkap": "mengambil berkas lengkap",
    ON_THE_DESK: "membuka berkas di meja",
    "siapa melihat": "melihat siapa yang membuka pengaduan ini",
    "beranda": "melihat beranda",
    "darurat": "melihat yang darurat",
    "pencarian": "mencari",
    "buku register": "mengambil buku register",
    "tanda dokumen": "mencatat dokumen yang ditandatangani",
    "akses": "melihat akses orang lain",
    "akses menonjol": "melihat akses yang menonjol",
    "akses saya": "melihat aksesnya sendiri",
    KIN: "melihat pengaduan lain yang berkaitan",
    LIKE: "melihat pengaduan serupa",
    **{words: f"mencari {words.removeprefix('pencarian ')}" for words in LOOKED_UP.values()},
}
UNMASKED = ("nomor ", "kontak: ")


def deed_of(access: Access) -> str:
    """What somebody did, as the end of a sentence that begins with his name."""
    return PLAIN.get(access.what) or _with_its_object(access.what) or access.what


def badge_of(access: Access) -> tuple[str, str] | None:
    """(words, tone) of what tells more than a look does."""
    if access.what.startswith(UNMASKED):
        return "Kontak", "warn"
    if access.is_file:
        return "Ekspor", "warn"
    if access.what in LOOKED_UP.values():
        return ("Pencarian nomor", "info") if access.rows else ("Tidak ditemukan", "warn")
    return None


def rows_in_words(access: Access) -> str:
    """How many a list told of."""
    return "" if access.rows is None else f"{format_number(access.rows)} baris"


def _with_its_object(what: str) -> str:
    """Notes that name a step, a paper, a record, a person or a file besides."""
    if what in RECORDS:
        return f"membuka catatan {RECORDS[what].title}"
    verb, _, key = what.partition(" ")
    sentence, in_words = OBJECTS.get(verb, ("", str))
    return sentence.format(in_words(key))


def _paper(key: str) -> str:
    return flow.PAPERS[key].title if key in flow.PAPERS else key


def _step(key: str) -> str:
    return f"“{flow.KNOWN[key].label}”" if key in flow.KNOWN else key


def _number(words: str) -> str:
    """Of "pengadu: Keadaan darurat"."""
    kind, _, reason = words.partition(": ")
    person = PERSONS.get(kind, kind).partition(" (")[0].lower()
    return f"{person}; alasan: {reason}"


OBJECTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "dokumen": ("mengambil {}", _paper),
    "konsep": ("membuka konsep {}", _paper),
    "kontak:": ("melihat kontak pada langkah {}", _step),
    "langkah": ("melihat daftar pada langkah {}", _step),
    "meja": ("melihat meja {}", _step),
    "nomor": ("menampilkan nomor {}", _number),
    "lampiran": ("membuka bukti", str),
    "daftar": ("melihat daftar {}", str),
    "ekspor": ("mengekspor {}", str),
    "pilihan": ("memilih untuk {}", str),
}
