"""A file on its page: chosen, looked at row by row, decided on, mended, published, reported and taken back."""

import csv
import io
import threading
from collections import Counter
from html import unescape

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from admin.intake import import_work
from models.complaint.accesslog import Reading
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.imports import publishing, refused, reviewing
from models.imports.batches import UNDOING, ImportBatch, ImportMapping, ImportRow
from models.imports.sorting import undo, undo_portion
from models.imports.stage import counts_of, stage
from models.office.lists import Category, Medium
from models.store.base import now
from sop.flow import current_procedure
from tests.made_lapor import making

PAGE = "/pengaduan/impor/"
HEADS = "Tracking ID;Tanggal Laporan Masuk;Nama Pelapor;Isi Laporan Awal;Kategori;Instansi Terdisposisi;Status Laporan"
ROWS = """1;2 Nov 2025 08:30;Siti;Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.;Bansos;;Terverifikasi
2;2 Nov 2025;Agus;Ada lansia telantar di dekat balai desa tanpa keluarga.;Lansia;;Ditutup oleh Admin
3;3 Nov 2025;Siti;Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.;Bansos;;Terverifikasi
4;3 Nov 2025;Budi;Lampu jalan di depan rumah kami mati sejak sepekan.;Jalan;Dinas Perhubungan;Terverifikasi
5;kemarin;Wati;Kartu BPJS milik ibu saya tidak aktif lagi.;BPJS;;Terverifikasi
"""
FILE = f"{HEADS}\n{ROWS}".encode()


@pytest.fixture
def taken(at):
    """The Petugas with a file taken in; his browser, and the file's page."""

    def of(data=FILE, kind="lapor", zone="WIB", name="lapor.csv"):
        visitor = at("petugas")
        answer = visitor.post(PAGE, berkas=(io.BytesIO(data), name), jenis=kind, zona=zone)
        return visitor, answer

    return of


def begun(visitor, page, what, **fields):
    answer = visitor.post(f"{page}{what}/", **fields)
    import_work.finish_work()
    assert answer.status_code == 303
    return visitor.get(page).text


def states():
    return Counter(state for (state,) in Complaint.select(Complaint.state).tuples())


def test_a_file_is_looked_at_decided_on_mended_published_reported_and_taken_back(office, taken):
    visitor, answer = taken()
    page = answer.location
    text = visitor.get(page).text
    for words in ("Baru 2", "Berulang dalam berkas 1", "Untuk instansi lain 1", "Ditolak 1"):
        assert words in text
    assert "Tanggalnya tidak terbaca" in visitor.get(f"{page}?putusan=refused").text
    mended = {"diterima": "2025-11-03T10:00", "judul": "", "uraian": "Kartu BPJS milik ibu saya tidak aktif."}
    visitor.post(f"{page}baris/6/", **mended)
    visitor.post(f"{page}putusan/", putusan="repeat", tindakan="skip", semua="1")
    visitor.post(f"{page}putusan/", putusan="forwarded", tindakan="take", baris="5")
    visitor.post(f"{page}putusan/", putusan="new", tindakan="duplicate", semua="1")  # is no choice there
    bpjs = Category.get(code="bansos_tidak_terima")
    assert "Bansos" in visitor.get(f"{page}topik/").text
    visitor.post(f"{page}topik/", baris="2", lakukan="kategori", kategori=str(bpjs.id))
    text = begun(visitor, page, "masukkan", nomor="raised", sembunyikan="1")
    assert "<strong>5</strong> baris dibaca: <strong>4</strong> menjadi pengaduan" in text
    assert states() == {current_procedure().first: 3, "settled_outside": 1}
    assert Complaint.get(Complaint.medium_ref == "1").category == bpjs
    of_case = visitor.get(f"/pengaduan/details/?id={Complaint.get(Complaint.medium_ref == '1').id}").text
    for words in (
        "Pengaduan SP4N-LAPOR! 1 diterima",
        "(dari berkas) oleh",
        "Belum ada dokumen",
        "memasukkan dari berkas",
    ):
        assert words in of_case
    report = visitor.get(f"{page}export/csv/")
    lines = list(csv.DictReader(io.StringIO(report.text.lstrip("\ufeff"))))
    assert [line["Tindakan"] for line in lines] == ["Masukkan", "Masukkan", "Lewati", "Masukkan", "Masukkan"]
    assert lines[0]["Nomor"] == f"Impor {ImportBatch.get().id}/2"
    assert Reading.select().order_by(Reading.id.desc()).get().rows == 5
    assert visitor.get(f"{page}export/xlsx/").status_code == 200
    assert "Dibatalkan" in begun(visitor, page, "batalkan").title()
    assert states() == {"voided": 4}
    assert visitor.get(PAGE).text.count("lapor.csv") == 1


@pytest.mark.only("sqlite")
def test_short_rows_are_looked_at_mended_one_by_one_or_all_at_once_and_known_again(office, taken, at):
    visitor, medium = at("petugas"), str(Medium.get(code="loket").id)
    heads = {"story": "Isi", "day": "Tgl", "place": "Alamat", "reference": "No"}
    visitor.post(f"{PAGE}kolom/", nama="Buku", media=medium, **heads)
    kind = ImportMapping.get().form.key
    data = b"No;Tgl;Isi;Alamat\n1;2/1/2025;PJU mati;Jl. Ijen 5\n2;2/1/2025;PJU mati;Jl. Semeru\n3;2/1/2025;Banjir;\n"
    visitor, answer = taken(data, kind)
    page = answer.location
    text = visitor.get(f"{page}?putusan=short").text
    for words in ("Pendek, perlu dilihat 3", "tidak lebih dari 10 huruf", "Perbaiki", "Tambahkan alamat pada judul"):
        assert words in text
    assert "Pendek, perlu dilihat." in visitor.get(f"{page}baris/4/").text
    visitor.post(f"{page}putusan/", putusan="short", tindakan="skip", baris="3")
    assert "2 baris: alamatnya kini bagian judul" in visitor.get(visitor.post(f"{page}lengkapi/").location).text
    assert "Tidak ada yang berubah" in visitor.get(visitor.post(f"{page}lengkapi/", baris="4").location).text
    visitor.post(f"{page}baris/4/", judul="Banjir di jalan raya", uraian="Banjir", diterima="2025-01-02T08:00")
    assert {(row.verdict, row.decision) for row in ImportRow.select()} == {("new", "take")}
    begun(visitor, page, "masukkan", nomor="raised")
    titles = {case.medium_ref: case.title for case in Complaint.select()}
    assert titles == {"1": "PJU mati, Jl. Ijen 5", "2": "PJU mati, Jl. Semeru", "3": "Banjir di jalan raya"}
    again = stage(data, "b.csv", ImportMapping.get().form, "WIB", viewer(office["petugas"]), now())
    assert counts_of(again)["known"] == 3


@pytest.mark.only("sqlite")
def test_work_that_ends_while_its_page_is_drawn_is_not_shown_as_stopped(office, taken, monkeypatch):
    visitor, answer = taken()
    number, looked, ended = ImportBatch.get().id, threading.Event(), reviewing.own_batch

    def looked_up(*of):
        batch = ended(*of)
        looked.set()
        import_work.finish_work()
        return batch

    begun(visitor, answer.location, "masukkan", nomor="raised")
    monkeypatch.setitem(import_work.WORK, UNDOING, lambda batch: looked.wait(20) and undo(batch))
    visitor.post(f"{answer.location}batalkan/")
    assert import_work.is_at_work(number)
    monkeypatch.setattr(reviewing, "own_batch", looked_up)
    page = visitor.get(answer.location).text
    assert (ImportBatch.get().state, "Terhenti" in page, "data-work=" in page) == ("undone", False, True)


@pytest.mark.only("sqlite")
def test_work_that_begins_and_ends_while_its_page_is_drawn_is_not_shown_as_stopped(office, taken, monkeypatch):
    visitor, answer = taken()
    asked, looked_up = import_work.is_at_work, reviewing.own_batch
    batch = ImportBatch.get()

    def begun_meanwhile(number):
        at_work = asked(number)
        if ImportBatch.get().state == "staged":  # asked before it begins, looked up once it has
            publishing.begin(batch, by=office["petugas"], at=now(), numbering="raised")
        return at_work

    def ended_meanwhile(*of):
        found = looked_up(*of)
        publishing.publish(batch.id)
        return found

    monkeypatch.setattr(import_work, "is_at_work", begun_meanwhile)
    monkeypatch.setattr(reviewing, "own_batch", ended_meanwhile)
    page = visitor.get(answer.location).text
    assert ("Terhenti" in page, "Laporan" in page, "sudah dimasukkan" in page) == (False, True, True)


@pytest.mark.only("sqlite")
def test_what_has_come_to_its_last_row_has_finished_wherever_it_is_stopped(office, taken, monkeypatch):
    visitor, answer = taken()
    for what, work_on, state in (
        ("masukkan", publishing.publish_portion, "published"),
        ("batalkan", undo_portion, "undone"),
    ):
        with monkeypatch.context() as stopped:
            stopped.setitem(import_work.WORK, ImportBatch.get().state.replace("staged", "publishing"), work_on)
            stopped.setitem(import_work.WORK, UNDOING, work_on)
            page = begun(visitor, answer.location, what, nomor="raised")
        assert (ImportBatch.get().state, "Terhenti" in page) == (state, False)


@pytest.mark.only("sqlite")
def test_what_is_taken_back_while_it_is_published_is_taken_back_by_the_same_press(office, taken, monkeypatch):
    visitor, answer = taken()
    pressed = threading.Event()
    monkeypatch.setitem(import_work.WORK, "publishing", lambda batch: pressed.wait(20) and publishing.publish(batch))
    visitor.post(f"{answer.location}masukkan/", nomor="raised")
    visitor.post(f"{answer.location}batalkan/")
    pressed.set()
    import_work.finish_work()
    assert ImportBatch.get().state == "undone"


@pytest.mark.only("sqlite")
def test_a_file_is_nobodys_but_the_one_who_took_it_in(office, taken, at):
    page = taken()[1].location
    other = at("petugas2")
    assert "lapor.csv" not in other.get(PAGE).text
    for address in ("", "topik/", "baris/2/", "export/csv/"):
        assert other.get(page + address).status_code == 404
    for address in ("putusan/", "topik/", "baris/2/", "masukkan/", "batalkan/", "lanjutkan/", "hapus/"):
        assert other.post(page + address).status_code == 404
    assert ImportBatch.get().state == "staged"
    assert at("kadis").get(PAGE).status_code in (403, 404)


@pytest.mark.only("sqlite")
def test_what_is_no_file_is_explained_in_a_sentence_and_what_was_read_can_be_deleted(office, taken):
    for data, kind, sentence in (
        (b"a;b\n1;2\n", "lapor", "tidak ada baris yang memuat kolom “Tracking ID”"),
        (b"\x00\x01", "lapor", "bukan tabel"),
        (b"a", "entah", "Pilih berkas, jenisnya, dan zona waktunya."),
    ):
        answer = taken(data, kind)[1]
        assert answer.status_code == 422
        assert sentence in unescape(answer.text)
    visitor, answer = taken()
    visitor.post(f"{answer.location}hapus/")
    assert ImportBatch.get().state == "dropped"
    assert not ImportRow.select().exists()


def test_columns_that_are_stored_under_a_name_are_a_kind_of_file(office, taken, at):
    visitor, fields = at("petugas"), {"nama": "Buku lama", "media": str(Medium.get(code="loket").id)}
    assert "Uraian" in visitor.post(f"{PAGE}kolom/", **fields).text
    odd = {"nama": "x\0y", "story": "\0" + "a" * 3_000, "day": "b", "selesai": "\0", "media": fields["media"]}
    assert visitor.post(f"{PAGE}kolom/", **{**odd, "media": "9" * 30}).status_code == 422
    assert visitor.post(f"{PAGE}kolom/", **odd).status_code == 422
    assert visitor.post(f"{PAGE}kolom/", **{**odd, "story": "\0" + "a" * 200}).status_code == 422
    assert visitor.post(f"{PAGE}kolom/", **{**odd, "story": "\0" + "a" * 199}).status_code == 303
    fields |= {"story": "Isi", "day": "Tgl", "reference": "No", "status": "Status", "selesai": "ya, ditutup"}
    assert visitor.post(f"{PAGE}kolom/", **fields).status_code == 303
    kind = ImportMapping.get(name="Buku lama").form.key
    data = b"Buku 2019\nNo;Tgl;Isi;Status\n7;02/01/2025;Bantuan pangan tidak pernah sampai.;Ya\n8;02/01/2025;tes;Ya\n"
    visitor, answer = taken(data, kind, name="buku 9973015107900007.csv")
    assert "99********0007" in ImportBatch.get().file
    mended = {"judul": "a\0b" * 200, "uraian": "Kartu\0bantuan hilang sejak lama", "diterima": "0025-01-02T10:00"}
    assert visitor.post(f"{answer.location}baris/4/", **mended).status_code == 303
    begun(visitor, answer.location, "masukkan", nomor="raised")
    case = Complaint.get(medium_ref="7")
    by_hand = Complaint.get(medium_ref="8")
    assert by_hand.story.startswith("Kartubantuan hilang sejak lama")
    assert by_hand.received_at.year == 2025  # a year of two figures is none
    assert (case.medium.code, case.medium_ref, case.state) == ("loket", "7", "settled_outside")


@pytest.mark.only("sqlite")
def test_a_file_may_be_as_large_as_its_own_sentence_says(office, at):
    visitor = at("petugas")
    for size, status, sentence in (
        (refused.MOST_BYTES, 422, "bukan tabel"),
        (refused.MOST_BYTES + 1, 422, "lebih dari 30 MB"),
        (refused.MOST_BYTES + (2 << 20), 413, "Kiriman terlalu besar"),
    ):
        for kind in ("lapor", "lain"):
            file = FileStorage(io.BytesIO(bytes(size)), "besar.csv")
            fields = {"csrf_token": visitor.token(), "berkas": file, "jenis": kind, "zona": "WIB"}
            boundary, body = encode_multipart(fields)  # the client would leave a file of its own open
            answer = visitor.client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
            assert (answer.status_code, sentence in answer.text) == (status, True), (kind, size)


@pytest.mark.only("sqlite")
def test_a_file_that_was_stopped_says_how_far_it_is_and_goes_on(office, taken, monkeypatch):
    monkeypatch.setattr(publishing, "PORTION", 20)
    visitor, answer = taken(making.separated(making.made_rows(60)))
    with monkeypatch.context() as stopped:
        stopped.setitem(import_work.WORK, "publishing", publishing.publish_portion)
        text = begun(visitor, answer.location, "masukkan", nomor="series")
    assert "20 dari 5" in text
    assert "Lanjutkan" in text
    begun(visitor, answer.location, "lanjutkan")
    assert ImportBatch.get().state == "published"
    assert Complaint.select().count() > 50


def test_a_day_that_cannot_be_read_changes_nothing(office, taken):
    visitor, answer = taken()
    page = answer.location
    before = Counter(row.decision for row in ImportRow.select())
    for day in ("0025-08-01", "31/07/2026"):
        visitor.post(f"{page}instansi/", semua="1", lakukan="tindakan", tindakan="skip", sebelum=day)
        assert "Tanggal itu tidak terbaca; tidak ada yang diubah." in visitor.get(page).text
        visitor.post(f"{page}putusan/", semua="1", tindakan="skip", sebelum=day)
        assert "Saringan baris tidak terbaca; tidak ada yang diubah." in visitor.get(page).text
    assert Counter(row.decision for row in ImportRow.select()) == before
    visitor.post(f"{page}instansi/", semua="1", lakukan="tindakan", tindakan="skip", sebelum="2025-11-03")
    assert Counter(row.decision for row in ImportRow.select()) != before
