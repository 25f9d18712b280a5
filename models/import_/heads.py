"""The heads of a file that nobody has mapped yet, and which field each of them sounds like."""

from models.import_.columns import FIELDS
from models.import_.refused import NO_TABLE, UnreadableFile
from models.import_.tables import HEAD_WITHIN, head_key, readable_head, rows_of_file

MOST = 60  # heads that somebody chooses from
LONGEST = 200  # letters of one, or of what is typed of one field
FEWEST = 2  # columns of a table
WORDS = {
    # by field in whose order heads are given away: what a head of it has among its words
    "reference": ("tiket", "tracking", "register", "rujukan", "nomor", "no"),
    "day": ("tanggal", "tgl"),
    "time": ("waktu", "jam", "pukul"),
    "kind": ("anonim", "tipe"),
    "name": ("nama", "pelapor", "pengadu"),
    "title": ("judul", "perihal"),
    "story": ("uraian", "isi", "keluhan", "aduan", "pengaduan", "laporan", "kronologi"),
    "kelurahan": ("kelurahan", "desa"),
    "kecamatan": ("kecamatan",),
    "city": ("kota", "kabupaten"),
    "place": ("alamat", "lokasi", "tempat"),
    "topic": ("topik", "kategori", "bidang", "jenis"),
    "office": ("instansi", "dinas", "opd", "diteruskan"),
    "status": ("status", "keadaan"),
}


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
    left = {head: set(head_key(head).replace(".", " ").replace("/", " ").split()) for head in heads}
    likely = {}
    for field, words in WORDS.items():
        for word in words:
            if head := min((head for head, parts in left.items() if word in parts), key=len, default=""):
                likely[field] = head
                del left[head]
                break
    return {field: likely[field] for field in FIELDS if field in likely}
