"""The columns of a file of any kind: it is chosen once, waits encrypted until they are mapped, and is read by them."""

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest

from models.complaint.scope import viewer
from models.imports import batches
from models.imports.batches import NEW, AwaitingFile, ImportBatch, ImportMapping, ImportRow, delete_expired_files
from models.imports.stage import counts_of, stage
from models.office.lists import Medium
from models.store.base import now

PAGE = "/pengaduan/impor/"
COLUMNS = f"{PAGE}kolom/"
DATA = "Buku 2019\nNo. Agenda;Tgl;Nama Pengadu;Isi;Rincian;Status\n1;2/1/2025;Siti;Bantuan tidak sampai.;;Ya\n"


@pytest.fixture
def chosen(at):
    """The Petugas who has chosen a file of another kind; his browser, and the answer."""

    def of(data=DATA, name="Buku lama.csv", by="petugas", zone="WIB"):
        visitor = at(by)
        file = (io.BytesIO(data.encode() if isinstance(data, str) else data), name)
        return visitor, visitor.post(PAGE, berkas=file, jenis="lain", zona=zone)

    return of


def values_of(page):
    return dict(re.findall(r'name="(\w+)" value="([^"]+)"', unescape(page)))


def test_a_file_is_chosen_once_and_read_when_its_columns_are_mapped(office, chosen):
    visitor, answer = chosen(zone="WITA")
    page = visitor.get(answer.location).text
    typed = values_of(page)
    proposed = {"nama": "Buku lama", "reference": "No. Agenda", "day": "Tgl", "name": "Nama Pengadu", "story": "Isi"}
    assert {name: typed[name] for name in proposed} == proposed
    assert "Simpan susunan dan baca berkas" in page
    assert "Siti" not in page
    fields = {**typed, "media": str(Medium.get(code="loket").id), "selesai": "ya"}
    del fields["csrf_token"]
    assert (visitor.post(COLUMNS, **{**fields, "story": ""}).status_code, AwaitingFile.select().count()) == (422, 1)
    wrong = visitor.post(COLUMNS, **{**fields, "story": "Cerita"})
    assert (wrong.status_code, "tidak ada baris yang memuat kolom" in wrong.text) == (422, True)
    assert values_of(wrong.text)["story"] == "Cerita"
    read = visitor.post(COLUMNS, **fields)
    batch = ImportBatch.get()
    assert read.location.endswith(f"{PAGE}{batch.id}/")
    assert (batch.zone, batch.file, ImportRow.select().count()) == ("WITA", "Buku lama.csv", 1)
    assert not AwaitingFile.select().exists()
    assert "tidak tersimpan lagi" in visitor.get(visitor.post(COLUMNS, **fields).location).text


@pytest.mark.only("sqlite")
def test_a_waiting_file_lies_sealed_is_one_persons_and_goes_after_a_day(office, chosen, at):
    visitor, answer = chosen(name="buku 9973015107900007.csv")
    public_id = AwaitingFile.get().public_id.encode()
    raw = (office.path.read_bytes(), office.path.with_name(f"{office.path.name}-wal").read_bytes())
    assert any(public_id in part for part in raw)  # it is there
    assert not any(said in part for part in raw for said in (b"Siti", b"No. Agenda", b"9973015107900007"))
    assert "99********0007" in visitor.get(PAGE).text
    other = at("petugas2")
    assert "menunggu susunan" not in other.get(PAGE).text
    assert "tidak tersimpan lagi" in other.get(answer.location).text
    other.post(f"{COLUMNS}hapus/", berkas=answer.location.partition("=")[2])
    chosen(name="dua.csv")
    assert [one.name for one in AwaitingFile.select()] == ["dua.csv"]  # in place of the first
    delete_expired_files(now() + batches.RETENTION - timedelta(minutes=1))
    assert AwaitingFile.select().exists()
    delete_expired_files(now() + batches.RETENTION)
    assert not AwaitingFile.select().exists()
    chosen()
    AwaitingFile.update(came_at=now() - batches.RETENTION).execute()
    assert "menunggu susunan" not in visitor.get(PAGE).text


@pytest.mark.soak
@pytest.mark.only("sqlite")
def test_a_waiting_file_can_be_let_go_and_one_that_is_no_table_never_waits(chosen):
    for wrong, sentence in ((b"", "kosong"), (b"satu kolom\nisi\n", "bukan tabel"), (b"\0\1", "bukan tabel")):
        visitor, answer = chosen(wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert not AwaitingFile.select().exists()
    visitor, answer = chosen()
    assert "Hapus" in visitor.get(PAGE).text
    visitor.post(f"{COLUMNS}hapus/", berkas=answer.location.partition("=")[2])
    assert not AwaitingFile.select().exists()


@pytest.mark.soak
@pytest.mark.only("sqlite")
def test_of_two_presses_one_reads_the_file(chosen, monkeypatch):
    visitor, answer = chosen()
    fields = values_of(visitor.get(answer.location).text) | {"media": str(Medium.get(code="loket").id)}
    del fields["csrf_token"]
    monkeypatch.setattr("admin.intake.import_columns.delete_waiting_file", lambda waiting: False)
    assert visitor.post(COLUMNS, **fields).location.endswith(PAGE)
    assert ImportBatch.get().state == "dropped"


@pytest.mark.only("sqlite")
def test_whatever_head_is_offered_finds_its_column_again(office, chosen):
    heads = [
        '"Tanggal\nmasuk"',
        "Isi | Kelu\u00adhan",
        "Nama\u202e \u200bPelapor",
        "=HYPERLINK(1)",
        "<b>Judul</b>",
        "x" * 201,
    ]
    data = ";".join(heads) + "\n1 Okt 2026;Bantuan kami tidak sampai bulan ini.;Suparmi;1;Bantuan;2\n"
    visitor, answer = chosen(data)
    read = visitor.get(answer.location).text
    assert read.index("<button hidden></button>") < read.index("formaction=")  # Enter stores, it does not read the file
    offered = [unescape(head) for head in re.findall('<option value="([^"]*)">', read.split("datalist")[1])]
    assert offered == ["Tanggal masuk", "Isi Keluhan", "Nama Pelapor", "=HYPERLINK(1)", "<b>Judul</b>"]
    typed = dict(zip(("day", "story", "name", "place", "title"), offered, strict=True))
    medium = Medium.get().id
    assert visitor.post(COLUMNS, nama="Buku", media=medium, **{**typed, "city": "x" * 201}).status_code == 422
    assert visitor.post(COLUMNS, nama="Buku", media=medium, **typed).status_code == 303
    batch = stage(data.encode(), "b.csv", ImportMapping.get().form, "WIB", viewer(office["petugas"]), now())
    assert counts_of(batch)[NEW] == 1


@pytest.mark.only("sqlite")
def test_a_stored_mapping_can_be_viewed_changed_and_shared(office, chosen, at):
    visitor, medium = at("petugas"), str(Medium.get(code="loket").id)
    mapping = {"nama": "Buku lama", "media": medium, "story": "Isi | Uraian", "day": "Tgl", "selesai": "ya, ditutup"}
    visitor.post(COLUMNS, **mapping)
    again = visitor.get(f"{COLUMNS}?susunan=Buku lama").text
    for value in ("Buku lama", "Isi|Uraian", "Tgl", "ya, ditutup"):
        assert f'value="{value}"' in again
    assert f'<option value="{medium}" selected' in again
    assert visitor.get(f"{COLUMNS}?susunan=entah").status_code == 200
    assert visitor.get(f"{COLUMNS}unduh/?susunan=entah").status_code == 404
    file = visitor.get(f"{COLUMNS}unduh/?susunan=Buku lama")
    assert 'filename="susunan-Buku lama.json"' in file.headers["Content-Disposition"]
    assert json.loads(file.data)["kolom"]["story"] == ["Isi", "Uraian"]
    ImportMapping.delete().execute()
    read = visitor.post(f"{COLUMNS}berkas/", susunan=(io.BytesIO(file.data), "s.json"), topic="Rincian")
    typed = values_of(read.text)
    stored = {"nama": "Buku lama", "story": "Isi|Uraian", "day": "Tgl", "selesai": "ya, ditutup", "topic": "Rincian"}
    assert {name: typed[name] for name in stored} == stored
    assert not ImportMapping.select().exists()


GOOD = {"nama": "x", "media": "loket", "kolom": {"story": ["Isi"], "day": ["Tgl"]}, "selesai": []}
BAD_MAPS = (
    (b"", "bukan berkas susunan"),
    (b"\xff\xfe", "bukan berkas susunan"),
    (b"[" * 5_000, "bukan berkas susunan"),
    (b"[]", "bukan berkas susunan"),
    (b" " * 70_000 + json.dumps(GOOD).encode(), "bukan berkas susunan"),
    (json.dumps({**GOOD, "kolom": ["Isi"]}).encode(), "bukan berkas susunan"),
    (json.dumps({**GOOD, "kolom": {"story": "Isi"}}).encode(), "bukan berkas susunan"),
    (json.dumps({**GOOD, "kolom": {"story": [1]}}).encode(), "bukan berkas susunan"),
    (json.dumps({**GOOD, "nama": 7}).encode(), "bukan berkas susunan"),
    (json.dumps({**GOOD, "selesai": 7}).encode(), "bukan berkas susunan"),
    (json.dumps({**GOOD, "media": "merpati"}).encode(), "“merpati”"),
    (json.dumps({**GOOD, "kolom": {"cerita": ["Isi"]}}).encode(), "tidak dikenal panel: cerita"),
)


@pytest.mark.only("sqlite")
def test_a_bad_mapping_file_gets_a_sentence_and_nothing_typed_is_lost(at):
    visitor = at("petugas")
    for data, sentence in BAD_MAPS:
        answer = visitor.post(f"{COLUMNS}berkas/", susunan=(io.BytesIO(data), "s.json"), topic="Rincian")
        assert (answer.status_code, sentence in unescape(answer.text)) == (422, True), data[:60]
        assert values_of(answer.text)["topic"] == "Rincian"
    assert "Pilih berkas susunannya" in visitor.post(f"{COLUMNS}berkas/", topic="Rincian").text
