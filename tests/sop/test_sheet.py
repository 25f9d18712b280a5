"""The sheet is the signed one, word for word, blanks and slips included; a changed table says that it is a draft."""

from dataclasses import replace

import pytest

from sop import procedure
from sop.procedure import BIDANG, HEAD, KEPALA_DINAS, PETUGAS, ROWS

OFFICE = (
    "DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,",
    "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
)
SIGNATORY_TITLE = (
    "Kepala Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk Dan Keluarga Berencana"
)
LAW = (
    "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Republik Indonesia Nomor 62 Tahun 2018 "
    "tentang Pedoman Sistem Pengaduan Pelayanan Publik Nasional;",
    "Peraturan Walikota Malang Nomor 19 Tahun 2010 terkait Penyelenggaraan Penanganan Pengaduan di Lingkungan "
    "Pemerintah Kota Malang",
)
QUALIFICATIONS = (
    "Memiliki latar belakang pendidikan minimal Sarjana.",
    "Mampu menganalisa suatu persoalan dengan pendekatan yang tepat;",
    "Mampu menyimpulkan berdasarkan hasil pembahasan dan analisa;",
    "Menguasai materi bahasan;",
    "Mampu berkomunikasi dan memberikan informasi secara benar dan sopan;",
    "Mampu mengoperasikan perangkat Komputer, Ms. Office dan Internet.",
)
HEAD_AS_SIGNED = {
    "government": "PEMERINTAH KOTA MALANG",
    "office": OFFICE,
    "number": "01/SKT/2023",
    "made": "Juni 2023",
    "revised": "",
    "effective": "",
    "revision": "",
    "approved_title": SIGNATORY_TITLE,
    "approved_name": "DONNY SANDITO WIDOYOKO S.STP.,M.Si",
    "approved_rank": "Pembina Tingkat I",
    "approved_nip": "19770724 199602 1 001",
    "bidang": "BIDANG SEKRETARIAT",
    "name": "PELAYANAN PENANGANAN PENGADUAN",
    "legal_basis": LAW,
    "qualifications": QUALIFICATIONS,
    "related": "-",
    "equipment": ("Komputer;", "Alat Tulis;", "Meja dan Kursi;", "Jaringan Internet", "Form Pengaduan"),
    "warning": "-",
    "record_keeping": "Disimpan dalam bentuk data elektronik dan non elektronik",
}
ROWS_AS_SIGNED = (
    # kegiatan, lanes, kelengkapan, waktu, output, ket
    (
        "Penyampaikan aduan menyampaikan aduan baik secara langsung maupun melalui berbagai media pengaduan online",
        (PETUGAS,),
        ("Form Pengaduan",),
        "5 menit",
        ("Form Pengaduan",),
        "",
    ),
    (
        "Berkas pengaduan dinaikkan ke Kepala Dinas untuk mendapat disposisi penanganan",
        (PETUGAS, KEPALA_DINAS),
        ("Form pengaduan",),
        "1 Jam",
        ("Berkas disposisi penanganan pengaduan",),
        "",
    ),
    (
        "Menindaklanjuti disposisi Kepala Dinas untuk menangani aduan yang disampaikan",
        (BIDANG,),
        ("Berkas disposisi penanganan pengaduan",),
        "1 hari",
        ("-Berkas Asesmen / penelaahan pengaduan", "-Nota Dinas penanganan pengaduan"),
        "",
    ),
    (
        "Nota Dinas dinaikkan ke Kepala Dinas untuk mendapat persetujuan",
        (BIDANG, KEPALA_DINAS),
        ("Nota Dinas Penanganan Pengaduan",),
        "1 Jam",
        ("Nota Dinas yang telah mendapat persetujuan",),
        "",
    ),
    (
        "Petugas menyampaikan hasil penanganan pengaduan kepada penyampaikan aduan",
        (PETUGAS,),
        (
            "Hasil Asesmen dan telaah aduan",
            "Nota Dinas yang telah mendapat persetujuan Kepala Dinas terkait penanganan aduan",
        ),
        "10 menit",
        ("Berita Acara Penyelesaian Penanganan Pengaduan",),
        "",
    ),
)


def as_printed(row: procedure.Row) -> tuple:
    return (row.kegiatan, row.lanes, row.kelengkapan, row.waktu, row.output, row.ket)


def as_row(words: tuple) -> procedure.Row:
    """A row that is printed in these words, whatever performs it today."""
    kegiatan, lanes, kelengkapan, waktu, output, ket = words
    acts = tuple(procedure.Transition(key=lane, actor=lane, label="", did="") for lane in lanes)
    printed = {"kegiatan": kegiatan, "kelengkapan": kelengkapan, "waktu": waktu, "output": output, "ket": ket}
    return procedure.Row(**printed, title=kegiatan, transitions=acts)


FIRST = procedure.head_under(procedure.REVISIONS[0])
SIGNED = tuple(as_row(words) for words in ROWS_AS_SIGNED)
SLIPS = ("Penyampaikan aduan", "penyampaikan aduan")


@pytest.mark.parametrize("field", HEAD_AS_SIGNED)
def test_the_head_is_as_signed_blanks_included(field):
    assert getattr(FIRST, field) == HEAD_AS_SIGNED[field]


def test_the_signatory_is_named_with_rank_and_nip():
    signatory = (HEAD.approved_name, HEAD.approved_rank, HEAD.approved_nip)
    assert signatory == ("DONNY SANDITO WIDOYOKO S.STP.,M.Si", "Pembina Tingkat I", "19770724 199602 1 001")


def test_the_fingerprint_of_the_signed_words_is_that_of_the_header():
    assert procedure.fingerprint(SIGNED) == FIRST.signed_rows


def test_the_rows_are_the_first_signing_s_word_for_word_and_in_order_or_a_draft_under_it():
    changed = tuple(as_printed(row) for row in ROWS) != ROWS_AS_SIGNED
    assert procedure.is_draft(FIRST, ROWS) == changed


@pytest.mark.parametrize("words", ROWS_AS_SIGNED, ids=lambda words: words[0][:40])
def test_without_one_signed_row_the_sheet_is_a_draft(words):
    assert procedure.is_draft(FIRST, tuple(row for row in SIGNED if as_printed(row) != words))


def test_slips_are_printed_as_signed_and_mended_on_screen():
    for slip, row in zip(SLIPS, (SIGNED[0], SIGNED[-1]), strict=True):
        assert slip in row.kegiatan
    assert not any("penyampaikan" in row.title.lower() for row in ROWS)
    assert [row for row in ROWS for slip in SLIPS if slip in row.kegiatan and slip not in row.note] == []


def test_no_markup_of_the_source_is_left_in_the_words():
    printed = str(procedure.printed_rows()) + str(HEAD)
    assert not any(mark in printed for mark in ("<u>", "<ul", "<li", "style="))


@pytest.mark.parametrize("change", [{"waktu": "2 Jam"}, {"kegiatan": "Lain"}, {"output": ()}, {"ket": "x"}])
def test_a_changed_row_is_konsep_revisi_until_its_own_revision_is_signed(change):
    rows = (replace(ROWS[0], **change), *ROWS[1:])
    assert procedure.is_draft(HEAD, rows)
    assert procedure.is_draft(replace(HEAD, revision="1"), rows)
    assert procedure.is_draft(replace(HEAD, revised="1 Desember 2026"), rows)
    assert procedure.is_draft(replace(HEAD, revision="1", revised="1 Desember 2026"), rows)
    assert not procedure.is_draft(replace(HEAD, signed_rows=procedure.fingerprint(rows)), rows)


def test_a_row_more_is_konsep_revisi_and_the_signed_rows_alone_are_not():
    assert procedure.is_draft(HEAD, (*ROWS, ROWS[-1]))
    assert not procedure.is_draft(FIRST, SIGNED)


def test_what_is_not_printed_may_change_without_a_revision():
    rows = tuple(replace(row, title=row.title.upper(), note="") for row in SIGNED)
    assert not procedure.is_draft(FIRST, rows)
