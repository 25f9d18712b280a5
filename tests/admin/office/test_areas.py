"""Kelurahan by clicking: one by one, and from a file that spreadsheet programs wrote, previewed before it is stored."""

import re
from html import unescape
from io import BytesIO

import pytest
import xlsxwriter

from admin.office import areas
from admin.office.areas import rows_of_table
from models.complaint.complaint import Complaint
from models.complaint.event import Event, bodies
from models.imports.refused import UnreadableFile
from models.office.identity import GOVERNMENT
from models.office.lists import AreaRow, Kelurahan
from models.office.people import today
from models.office.settings import store_setting
from models.workflow.proof import prove_existing_rows, verified
from tests.admin.forms import form_on, save

FILE = "/kelurahan/berkas/"
ROWS = (("kelurahan", "kecamatan"), ("Sukamaju", "Barat"), ("Sukamaju", "Timur"), ("Mekarsari", "Barat"))
NEW = {"name": "Sukamaju", "kecamatan": "Barat", "code": "", "active": "y"}


def text(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return "".join(f"{delimiter.join(row)}\r\n" for row in ROWS).encode(encoding)


def workbook() -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Daftar kelurahan"])
        for number, (name, kecamatan) in enumerate(ROWS):
            sheet.write_row(number + 1, 0, [str(number or "No"), kecamatan.title(), name.title()])
    return file.getvalue()


def looked_at(visitor, data: bytes, name: str = "daftar.csv"):
    return visitor.post(FILE, berkas=(BytesIO(data), name))


def save_preview(visitor, page: str, **changes: str):
    sent = {name: re.search(rf'name="{name}"[^>]*?(?:value="([^"]*)"|>([^<]*)<)', page) for name in ("rows", "seen")}
    fields = {name: unescape(found[1] or found[2] or "") for name, found in sent.items()}
    return visitor.post(FILE, **{**fields, "do": "keep", **changes})


# One by one


def test_one_is_added_renamed_and_ended_and_all_of_it_stands_in_the_history(at, office):
    visitor = at("admin")
    prove_existing_rows()
    assert visitor.post("/kelurahan/new/", **NEW).status_code == 303
    made = Kelurahan.get(name="Sukamaju")
    assert made.code == "K0058"
    edit = f"/kelurahan/edit/?id={made.id}"
    assert save(visitor, edit, name="Sukajaya").status_code == 303
    assert save(visitor, edit, active=None).status_code == 303
    assert [bodies([event], {})[event.id]["touched"] for event in Event.select()][1:] == [["Kelurahan"], ["Aktif"]]
    assert not Kelurahan.get_by_id(made.id).active
    assert verified()[1] == []
    assert f"/kelurahan/delete/?id={made.id}" not in visitor.get("/kelurahan/").text


@pytest.mark.parametrize(
    "typed", [{"name": "KAUMAN", "kecamatan": " klojen"}, {"name": ""}, {"code": "35 73"}, {"code": "<b> x/../"}]
)
def test_what_is_there_already_or_is_no_name_is_refused_and_stays_typed(at, typed):
    before = Kelurahan.select().count()
    answer = at("admin").post("/kelurahan/new/", **{**NEW, **typed})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert form_on(answer.text).sent["kecamatan"].strip() == typed.get("kecamatan", "Barat").strip()
    assert Kelurahan.select().count() == before


def test_one_that_has_ended_is_offered_no_more_and_stays_with_its_cases(at, office):
    used = Kelurahan.get(name="Kauman")
    [case] = office.receive(kelurahan=used.id)
    save(at("admin"), f"/kelurahan/edit/?id={used.id}", active=None)
    petugas = at("petugas")
    assert f'<option value="{used.id}">' not in petugas.get("/pengaduan/new/").text
    assert "Kauman, Klojen" in petugas.text(f"/pengaduan/details/?id={case}")
    page = petugas.get(f"/pengaduan/langkah/correct/?id={case}").text
    assert re.search(rf'<option selected value="{used.id}">Kauman, Klojen', page)
    assert Complaint.get_by_id(case).kelurahan_id == used.id


# From a file


@pytest.mark.parametrize(
    "data",
    [text(";", "utf-8-sig"), workbook()],
    ids=["csv", "xlsx"],
)
def test_a_file_as_spreadsheet_programs_write_it_is_previewed_and_then_stored(at, data):
    visitor, before = at("admin"), Kelurahan.select().count()
    prove_existing_rows()
    page = looked_at(visitor, data)
    assert page.status_code == 200
    assert "Ditambah: <strong>3</strong>" in page.text
    assert Kelurahan.select().count() == before
    assert save_preview(visitor, page.text).status_code == 303
    assert {(k.name, k.kecamatan) for k in Kelurahan.select().where(Kelurahan.id > before)} == set(ROWS[1:])
    assert "mengisi daftar kelurahan dari berkas: 3 ditambah" in bodies([Event.get()], {})[Event.get().id]["what"]
    assert verified()[1] == []
    answer = save_preview(visitor, page.text)  # once more, after a step back
    assert answer.status_code == 303
    assert "sudah tersimpan; tidak ada yang disimpan lagi" in visitor.text("/kelurahan/")
    again = looked_at(visitor, data).text
    assert "tidak ada yang perlu disimpan" in again
    assert "Simpan daftar" not in again


def test_a_code_that_differs_from_the_list_is_explained_above_the_other_rows(at):
    stays = f"Kodenya pada daftar tetap {Kelurahan.get(name='Kauman').code}."
    page = looked_at(at("admin"), b"kelurahan;kecamatan;kode\nSamaan;Klojen;\nKauman;Klojen;99.99.99\n").text
    assert stays in page
    assert page.index(stays) < page.index(">Samaan<")
    assert "kode pada daftar tetap" in page
    assert "sudah sama dengan berkas itu" not in page


def test_one_row_that_is_refused_prevents_that_any_is_stored(at):
    visitor, before = at("admin"), Kelurahan.select().count()
    page = looked_at(visitor, text() + b"Sumber: BPS,\r\n").text
    assert "1 baris ditolak" in page
    assert "Kecamatannya kosong." in page
    assert "Simpan daftar" not in page
    assert save_preview(visitor, page).status_code == 409
    assert Kelurahan.select().count() == before


def test_a_list_that_somebody_else_has_changed_meanwhile_is_shown_anew(at):
    visitor = at("admin")
    page = looked_at(visitor, text()).text
    visitor.post("/kelurahan/new/", **NEW)
    answer = save_preview(visitor, page)
    assert answer.status_code == 409
    assert "Daftarnya berubah sejak halaman ini dibuka" in answer.text
    assert save_preview(visitor, answer.text).status_code == 303
    assert Kelurahan.select().where(Kelurahan.name == "Sukamaju").count() == 2


def test_a_change_of_somebody_else_s_meanwhile_is_shown_and_never_overwritten(at, office):
    visitor, listed = at("admin"), Kelurahan.get(Kelurahan.name == "Balearjosari")
    sent = f"kelurahan,kecamatan,kode\r\nBalearjosari Utara,Blimbing,{listed.code}\r\n".encode()
    page = looked_at(visitor, sent).text
    assert "Sebelumnya Balearjosari, Blimbing." in unescape(page)
    save(visitor, f"/kelurahan/edit/?id={listed.id}", name="Balearjosari Selatan")
    answer = save_preview(visitor, page)
    assert answer.status_code == 409
    assert "Sebelumnya Balearjosari Selatan, Blimbing." in unescape(answer.text)
    assert Kelurahan.get_by_id(listed.id).name == "Balearjosari Selatan"
    assert save_preview(visitor, answer.text).status_code == 303
    entry = Event.select().order_by(Event.id.desc()).get()
    renaming = "Balearjosari Selatan, Blimbing menjadi Balearjosari Utara, Blimbing"
    assert renaming in bodies([entry], {})[entry.id]["what"]
    save(visitor, f"/kelurahan/edit/?id={listed.id}", active=None)
    again = unescape(looked_at(visitor, sent.replace(b"Utara", b"Timur")).text)
    assert "Sebelumnya Balearjosari Utara, Blimbing. Berlaku lagi." in again


def test_what_two_save_at_the_same_moment_is_stored_once_and_the_other_is_informed(at, monkeypatch):
    """As where both have judged before either wrote."""
    visitor = at("admin")
    page = looked_at(visitor, text()).text
    judged = areas.judged_rows
    before = judged([AreaRow(line, *row) for line, row in enumerate(ROWS[1:], 1)])
    assert save_preview(visitor, page).status_code == 303
    monkeypatch.setattr(areas, "judged_rows", lambda rows: before)
    monkeypatch.setattr(areas, "preview_digest", lambda judged: "")
    assert save_preview(visitor, page, seen="").status_code == 409


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "kosong"),
        (b"nama;alamat\r\nA;B\r\n", "memuat kolom “kelurahan”"),
        (b"PK\x03\x04rusak", "rusak atau terpotong"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(at, data, why):
    answer = looked_at(at("admin"), data)
    assert answer.status_code == 422
    assert why in answer.text


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([["kelurahan", "kota"], ["A", "B"]], "Kolom “kecamatan” tidak ada"),
        ([["kelurahan", "kecamatan"], ["", " "]], "tidak ada satu baris pun"),
        ([["kelurahan", "kecamatan"], *([["A", "B"]] * 2_001)], "lebih dari 2.000 baris"),
    ],
)
def test_a_table_without_kelurahan_is_refused_in_a_sentence(cells, why):
    with pytest.raises(UnreadableFile, match=why):
        rows_of_table(cells)


def test_a_column_without_a_head_is_read_as_nothing():
    [row] = rows_of_table([["Judul"], ["Desa", "", "Kecamatan"], ["Sukamaju", "12", "Barat"]])
    assert row == AreaRow(3, "Sukamaju", "Barat", "")


@pytest.mark.parametrize("rows", ["", "{}", "[1]", "[[1e999]]", '[[1,"a","b","c","d"]]'])
def test_rows_that_no_page_has_brought_are_refused(at, rows):
    answer = at("admin").post(FILE, rows=rows, seen="", do="keep")
    assert answer.status_code == 422
    assert "Isi berkas tidak terkirim utuh" in answer.text


def test_only_who_writes_the_masters_opens_it(at):
    assert at("pengawas").get(FILE).status_code == 404
    assert at("petugas").get(FILE).status_code == 403


# A list that is empty


def test_an_empty_list_says_how_it_is_filled_and_malangs_own_is_offered_to_malang_alone(at, office):
    Kelurahan.delete().execute()
    visitor = at("admin")
    page = visitor.get("/kelurahan/").text
    assert "Daftar kelurahan belum terisi." in page
    assert "Baca dari berkas" in page
    assert "diisi pada Data induk, Kelurahan" in at("petugas").get("/pengaduan/new/").text
    assert office.receive()
    assert "Pakai daftar Kota Malang" in visitor.get(FILE).text
    page = visitor.post(FILE, do="city").text
    assert "Ditambah: <strong>57</strong>" in page
    assert save_preview(visitor, page).status_code == 303
    assert Kelurahan.select().count() == 57
    store_setting(GOVERNMENT, "PEMERINTAH KOTA MALANGBONG", today())
    assert "Pakai daftar" not in visitor.get(FILE).text
    assert visitor.post(FILE, do="city").status_code == 422
