"""A file taken in on the terminal: the last line says what came of it, the history in whose name it came."""

import json

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.imports import publishing
from models.imports.batches import ImportBatch, ImportMapping, ImportRow
from models.office.people import User
from models.store.base import database
from tests.made_lapor import making


@pytest.fixture
def run(office, panel):
    """The command with these words; its exit code, and the lines on stdout."""

    def of(*words):
        database.close_all()
        result = panel.test_cli_runner().invoke(args=["import", *map(str, words)])
        database.connect()
        return result.exit_code, result.stdout.splitlines(), result.stderr

    return of


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lapor-2024.xlsx"
    path.write_bytes(making.workbook(making.made_rows(60)))
    return path


def test_a_file_is_judged_then_published_and_the_same_file_brings_nothing_new(office, run, file):
    code, lines, _ = run(file, "--as", "lapor", "--zone", "UTC", "--dry-run")
    assert code == 0
    counts = json.loads(lines[-1])
    assert list(counts) == ["rows", "new", "known", "changed", "closed", "repeats", "forwarded", "short", "refused"]
    assert counts["rows"] == 60 == sum(counts.values()) - 60
    assert (Complaint.select().count(), ImportBatch.select().count(), ImportRow.select().count()) == (0, 0, 0)
    assert json.loads(run(file, "--as", "lapor", "--zone", "UTC", "--as-user", "petugas2")[1][-1]) == counts
    assert Complaint.select().count() == 60 - counts["refused"]
    assert Complaint.get().registrar == office["petugas2"]
    assert Event.get().who == "Agus Santoso (Petugas Penanganan Pengaduan), melalui terminal server"
    again = json.loads(run(file, "--as", "lapor", "--zone", "UTC", "--as-user", "petugas2")[1][-1])
    assert (again["new"], again["known"]) == (0, 60 - counts["refused"])


def test_a_run_that_was_stopped_goes_on_where_it_was(office, run, file, monkeypatch):
    monkeypatch.setattr(publishing, "PORTION", 20)
    with monkeypatch.context() as stopped:
        stopped.setattr("admin.intake.import_command.publish", lambda batch, _: publishing.publish_portion(batch))
        run(file, "--as", "lapor")
    assert Complaint.select().count() == 20
    _, lines, _ = run(file, "--as", "lapor")
    assert ImportBatch.select().count() == 1
    assert Complaint.select().count() == 60 - json.loads(lines[-1])["refused"]


@pytest.mark.only("sqlite")
def test_what_cannot_be_done_is_explained_in_a_sentence_and_nothing_is_stored(office, run, file, tmp_path):
    empty = tmp_path / "kosong.xlsx"
    empty.write_bytes(b"")
    User.create(username="lama", name="Petugas Lama", role="petugas", active=False)
    for words, sentence in (
        ((empty, "--as", "lapor"), "Berkas ini kosong"),
        ((file, "--as", "sambat"), "yang dikenal: lapor"),
        ((file, "--as", "lapor", "--as-user", "lama"), "Petugas aktif bernama lama tidak ada"),
        ((file, "--as", "lapor", "--as-user", "kadis"), "Petugas aktif bernama kadis tidak ada"),
    ):
        code, lines, error = run(*words)
        assert code == 1
        assert not lines
        assert sentence in error
    assert not ImportBatch.select().exists()


BOOK = "id;tanggal_keluhan;keluhan;alamat\n7;02/01/2026;Bantuan pangan tidak pernah sampai.;Jl. Ijen 5\n"


@pytest.mark.only("sqlite")
def test_a_mapping_is_written_from_the_heads_read_again_and_shared_with_the_page(office, run, tmp_path):
    book, mapping = tmp_path / "buku.csv", tmp_path / "susunan.json"
    book.write_text(BOOK)
    code, lines, said = run(book, "--map", mapping)
    assert (code, json.loads(lines[-1])["day"]) == (0, "tanggal_keluhan")
    assert "Periksa isinya" in said
    assert not ImportBatch.select().exists()
    mapping.write_text(mapping.read_text().replace('"nama": "buku"', '"nama": "Buku lama"'))
    assert json.loads(run(book, "--map", mapping, "--dry-run")[1][-1])["new"] == 1
    assert not ImportMapping.select().exists()
    assert json.loads(run(book, "--map", mapping)[1][-1])["new"] == 1
    assert Complaint.get().event_place == "Jl. Ijen 5"
    assert ImportMapping.get().name == "Buku lama"
    again = tmp_path / "lagi.json"
    assert json.loads(run(book, "--as", "Buku lama", "--map", again)[1][-1])["known"] == 1
    assert json.loads(again.read_text()) == json.loads(mapping.read_text())
    assert run(book, "--as", "Buku lama", "--map", again)[0] == 0  # the same command goes on


@pytest.mark.only("sqlite")
def test_a_mapping_that_cannot_be_read_or_written_is_explained_in_a_sentence(office, run, file, tmp_path):
    book, bad, other = tmp_path / "buku.csv", tmp_path / "bukan.json", tmp_path / "lain.json"
    book.write_text(BOOK)
    bad.write_text("bukan")
    other.write_text('{"nama": "x", "media": "loket", "kolom": {"story": ["keluhan"]}, "selesai": []}')
    for words, sentence in (
        ((book, "--map", bad), "bukan berkas susunan"),
        ((book, "--map", other), "Isi judul kolom untuk Tanggal masuk"),
        ((file, "--as", "lapor", "--map", other), "berisi susunan lain"),
        ((file, "--as", "lapor", "--map", tmp_path / "tidak-ada" / "s.json"), "tidak dapat ditulis"),
        ((file,), "dengan --as, atau berkas susunannya dengan --map"),
        ((bad, "--map", tmp_path / "baru.json"), "bukan tabel"),
    ):
        code, lines, error = run(*words)
        assert (code != 0, lines, sentence in error) == (True, [], True), error
    assert not ImportBatch.select().exists()
    assert bad.read_text() == "bukan"
