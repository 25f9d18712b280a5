"""Which column is likely to contain which field, by its heading however that is written."""

import pytest

from models.imports.columns import likely_columns

FILES = {
    # heads as files have them: field and head
    "an application's table": {
        "reference": "id",
        "story": "keluhan",
        "place": "alamat",
        "day": "tanggal_keluhan",
        "answered": "tanggal_keluar",
        "topic": "topik",
        "office": "opd",
        "kecamatan": "kecamatan",
        "kelurahan": "kelurahan",
    },
    "humps": {"reference": "NoTiket", "day": "TanggalMasuk", "answered": "TanggalSelesai", "story": "IsiLaporan"},
    "hyphens": {"reference": "no-tiket", "day": "tgl-masuk", "answered": "tgl-dijawab", "name": "nama-pelapor"},
    "two dates": {"answered": "Tgl Selesai", "day": "Tgl", "story": "Uraian", "reference": "Nomor"},
    "in capitals": {"reference": "ID_PENGADUAN", "day": "TANGGAL", "answered": "TGL_DITUTUP", "story": "ISI_ADUAN"},
    "moments": {"day": "waktu_lapor", "answered": "waktu_ditanggapi", "story": "deskripsi"},
    "an old book": {
        "reference": "No. Agenda",
        "day": "Tgl",
        "name": "Nama Pengadu",
        "story": "Isi",
        "status": "Status",
    },
}
STRANGE = {
    # heads that only sound alike, among which the field's own stands
    "reference": ("id", "no_hp", "NIK", "No. KK", "id_kategori"),
    "day": ("Tanggal Pengaduan", "Tgl Lahir", "Tanggal Jawab"),
    "name": ("nama_pelapor", "nama_kota", "Nama Dinas", "alamat_pelapor", "HP Pelapor"),
    "story": ("keluhan_warga", "kategori_keluhan", "jenis aduan", "tanggal_aduan"),
    "place": ("Alamat Kejadian", "Tempat Lahir", "Alamat Surel"),
    "topic": ("jenis_pengaduan", "Jenis Kelamin"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_field_gets_the_head_that_sounds_like_it(name):
    assert likely_columns(list(FILES[name].values())) == FILES[name]
    assert likely_columns(list(reversed(FILES[name].values()))) == FILES[name]


@pytest.mark.parametrize("field", STRANGE)
def test_a_head_that_only_sounds_alike_is_not_taken(field):
    assert likely_columns(list(STRANGE[field]))[field] == STRANGE[field][0]
    assert field not in likely_columns(list(STRANGE[field][1:]))
