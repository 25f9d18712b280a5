"""Which column of a file says what of a complaint: of SP4N-LAPOR!'s export, and of any other as somebody mapped it."""

from collections.abc import Mapping
from dataclasses import dataclass

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

    Of several columns for one field the first that says something counts. A row is closed if its status begins with one
    of `closed`, in small letters. `medium` is the code of the medium through which its complaints came.
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
