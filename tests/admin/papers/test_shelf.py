"""The archive in the panel: where a berkas is, how it is filed and lent, labels, lists, who may do what."""

import io
import re
from datetime import timedelta
from html import unescape

import pypdfium2
import pytest
import segno
import zxingcpp

from admin.papers import shelf as pages
from admin.papers import shelving
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.complaint.shelf import CaseFiled, CaseLent, CaseReturned, CaseShelf
from models.office.people import today
from models.office.settings import store_setting
from models.office.shelves import CLASS, Retention, ShelfPlace, label_address, scanned_text
from models.reading.shelf import LONGEST, fitting_lines
from models.store.base import now
from models.workflow import shelf
from sop.access import ABOUT
from sop.vocabulary import CLOSED
from tests.admin.doors import words
from tests.office import SECRET

LISTS = ("/arsip/tersimpan/", "/arsip/belum-kembali/", "/arsip/belum-diarsipkan/", "/arsip/retensi/")


@pytest.fixture
def folder(office):
    rack = ShelfPlace.create(code="R-01", kind="rak")
    return ShelfPlace.create(code="M-0012", kind="map", parent=rack, name="Bansos 2026")


@pytest.fixture
def cases(office):
    ids = office.receive(2)
    office.bring(ids, CLOSED)
    return ids


def number_of(case):
    return Complaint.get_by_id(case).number


def test_many_berkas_are_filed_by_the_code_that_was_typed(at, cases, folder):
    petugas = at("petugas")
    page = petugas.post("/pengaduan/action/", action="shelf_filed", rowid=[str(case) for case in cases])
    assert "2 dari 2 berkas yang dipilih dapat dicatat" in words(page.text)
    assert '<option value="M-0012">' in page.text
    wrong = petugas.post("/arsip/catat/simpan/", cases=f"{cases[0]},{cases[1]}", code="M-9999")
    assert wrong.status_code == 422
    assert shelving.UNKNOWN_PLACE in words(wrong.text)
    done = petugas.post("/arsip/catat/simpan/", cases=f"{cases[0]},{cases[1]}", code="m-oo12")
    assert done.status_code == 303
    assert CaseFiled.select().count() == 2
    assert "2 berkas tercatat tempatnya" in petugas.text("/arsip/")
    case = petugas.text(f"/pengaduan/details/?id={cases[0]}")
    assert "Berkas: Rak R-01 › Map M-0012" in case
    assert "menyimpan berkas di M-0012" in case


def test_a_berkas_is_lent_and_comes_back_from_the_page_of_its_case(at, cases, folder):
    petugas, due = at("petugas"), today() + timedelta(days=3)
    assert "Pinjamkan …" in petugas.text(f"/pengaduan/details/?id={cases[0]}")
    assert "Dipinjam oleh" in petugas.text(f"/arsip/catat/pinjam/?id={cases[0]}")
    given = {"cases": cases[0], "borrower": "Siti, Bidang Rehsos", "due_on": due.isoformat()}
    assert petugas.post("/arsip/catat/pinjam/", **given).headers["Location"] == f"/pengaduan/details/?id={cases[0]}"
    assert "Dipinjam Siti, Bidang Rehsos sejak" in petugas.text(f"/pengaduan/details/?id={cases[0]}")
    assert petugas.post("/arsip/catat/pinjam/", **given).status_code == 409
    assert "3 hari lagi" in petugas.text("/arsip/belum-kembali/")
    petugas.post("/arsip/catat/kembali/", cases=cases[0])
    assert (CaseLent.select().count(), CaseReturned.select().count()) == (1, 1)
    assert "Tidak ada berkas yang sedang dipinjam" in petugas.text("/arsip/belum-kembali/")
    assert "mencatat berkas kembali dari Siti" in petugas.text(f"/pengaduan/details/?id={cases[0]}")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("simpan", {"code": ""}, "wajib diisi"),
        ("simpan", {"code": "\0"}, "wajib diisi"),
        ("simpan", {"code": "x" * 201}, "200"),
        ("simpan", {"code": "M-LAMA"}, shelving.NOT_USED),
        ("pinjam", {"borrower": " ", "due_on": "2199-01-01"}, "wajib diisi"),
        ("pinjam", {"borrower": "n" * 121, "due_on": "2199-01-01"}, "120"),
        ("pinjam", {"borrower": "Siti", "due_on": "2020-01-01"}, shelf.PAST),
        ("pinjam", {"borrower": "Siti", "due_on": "besok"}, "Tanggal"),
        ("pinjam", {"borrower": "Siti", "due_on": "2999-01-01"}, "empat angka"),
    ],
)
def test_what_cannot_be_recorded_is_asked_for_again(at, cases, folder, path, fields, sentence):
    ShelfPlace.create(code="M-LAMA", kind="map", active=False)
    answer = at("petugas").post(f"/arsip/catat/{path}/", cases=cases[0], **fields)
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert not CaseFiled.select().exists()
    assert not CaseLent.select().exists()


def test_one_field_finds_a_berkas_by_register_number_paper_code_and_label(at, office, cases, folder):
    shelf.file_cases(cases[:1], by=office["petugas"], place=folder)
    petugas = at("petugas")
    paper = Paper.get((Paper.complaint == cases[0]) & (Paper.kind == "nota_dinas"))
    code = code_of(paper)
    for typed in (
        number_of(cases[0]),
        code,
        f"https://panel.example/v/{code}",
        "M-0012",
        "https://x.example/arsip/?q=M-0012",
    ):
        page = petugas.get("/arsip/", query_string={"q": typed}).text
        assert number_of(cases[0]) in words(page.partition('id="jawaban"')[2]), typed
        assert "Rak R-01 › Map M-0012" in words(page), typed
    assert "Tidak ditemukan" in petugas.text("/arsip/?q=M-7777")
    assert pages.NO_PLACE in petugas.get("/arsip/", query_string={"q": number_of(cases[1])}).text


def code_of(paper):
    return content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])["code"]["text"]


def picture_of(text):
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=6)
    return out.getvalue()


def test_a_picture_of_a_label_is_searched_and_what_is_none_gets_a_sentence(at, folder):
    petugas = at("petugas")

    def send(data):
        return petugas.post("/arsip/foto/", foto=(io.BytesIO(data), "foto.png"))

    assert send(picture_of("https://x.example/arsip/?q=M-0012")).headers["Location"] == "/arsip/?q=M-0012"
    for data, sentence in (
        (b"", pages.NO_PICTURE),
        (b"%PDF-1.7", pages.OTHER_KIND),
        (b"\x89PNG\r\n\x1a\n", "rusak"),
        (picture_of("https://x.example/arsip/?q="), pages.EMPTY_CODE),
        (picture_of("   "), pages.EMPTY_CODE),
    ):
        answer = send(data)
        assert answer.status_code == 422
        assert sentence in words(answer.text)
    assert petugas.get("/arsip/foto/").headers["Location"] == "/arsip/", "loaded anew after a refused picture"


def test_labels_stand_on_a_grid_of_seventy_by_thirty_six_and_say_only_the_number(at, office, cases, folder):
    store_setting("paper.code_address", "https://panel.dinas.example/v/", today())
    petugas = at("petugas")
    sheet = petugas.post("/pengaduan/action/", action="shelf_label", rowid=[str(case) for case in cases])
    assert sheet.mimetype == "application/pdf"
    [page] = pypdfium2.PdfDocument(sheet.data)
    assert (round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) == (210, 297)
    assert "".join(page.get_textpage().get_text_range().split()) == "".join(
        f"Berkas{number_of(case)}" for case in cases
    ).replace(" ", "")
    codes = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil().convert("L"))
    assert sorted(code.text for code in codes) == sorted(
        f"https://panel.dinas.example/arsip/?q={number_of(case)}" for case in cases
    )
    for place in range(30):
        ShelfPlace.create(
            code=f"M-1{place:03}", kind="map", parent=folder.parent, name="Bantuan sosial tahun 2026 " * 3
        )
    places = [str(place.id) for place in ShelfPlace.select().where(ShelfPlace.code.startswith("M-1"))]
    sheet = petugas.post("/tempat-arsip/action/", action="label", rowid=places)
    first, second = pypdfium2.PdfDocument(sheet.data)
    marks = zxingcpp.read_barcodes(first.render(scale=200 / 72).to_pil().convert("L"))
    assert len(marks) == 24
    assert len(zxingcpp.read_barcodes(second.render(scale=200 / 72).to_pil().convert("L"))) == 6
    corners = {(round(m.position.top_left.x / 200 * 25.4), round(m.position.top_left.y / 200 * 25.4)) for m in marks}
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    assert all((x - left) % 70 in (0, 1, 69) and (y - top) % 36 in (0, 1, 35) for x, y in corners)


def letters_on(page):
    """Left, top, right and lower edge of each letter, in millimetres from the upper left corner of the page."""
    words, high = page.get_textpage(), page.get_height()
    boxes = [words.get_charbox(at) for at in range(words.count_chars())]
    points = [(left, high - top, right, high - foot) for left, foot, right, top in boxes if right > left]
    return [tuple(edge / 72 * 25.4 for edge in box) for box in points]


@pytest.mark.only("sqlite")
def test_whatever_a_place_is_called_its_label_is_printed_and_stays_within_its_own_edges(at, office):
    rack = ShelfPlace.create(code="RAK-RUANG-ARSIP-LT12", kind="rak")
    box = ShelfPlace.create(code="BOKS-BANTUAN-SOSIAL1", kind="boks", parent=rack)
    names = (
        "W" * 80,
        "pengaduan-bantuan/" * 4,
        "BERKAS PENGADUAN BANTUAN SOSIAL PROGRAM KELUARGA HARAPAN TAHUN ANGGARAN 2026 (1)",
        "أرشيف القضايا",
        "☑ 文件 😀 <b>x</b>",
        "Map biasa",
    )
    places = [
        ShelfPlace.create(code=f"RAK-01.BOKS-07.MAP-{n}", kind="map", parent=box, name=name)
        for n, name in enumerate(names)
    ]
    sheet = at("petugas").post("/tempat-arsip/action/", action="label", rowid=[str(place.id) for place in places])
    assert sheet.mimetype == "application/pdf"
    [page] = pypdfium2.PdfDocument(sheet.data)
    letters = letters_on(page)
    assert letters
    for left, top, right, foot in letters:
        assert left % 70 > 30, "beside the QR code, not on that of the next label"
        assert right // 70 == left // 70
        assert (top - 4.5) // 36 == (foot - 4.5) // 36
    assert len(zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil().convert("L"))) == len(names)


@pytest.mark.only("sqlite")
def test_the_address_on_a_label_is_whole_whatever_signs_a_number_has(office):
    store_setting("paper.code_address", "https://panel.dinas.example/v/", today())
    address = label_address("PGD & 12/X (a)/2026")
    assert address == "https://panel.dinas.example/arsip/?q=PGD%20%26%2012/X%20%28a%29/2026"
    assert scanned_text(address) == "PGD & 12/X (a)/2026"


def test_a_long_number_is_parted_after_a_sign():
    assert fitting_lines("M-0012") == ["M-0012"]
    assert fitting_lines("RAK-01.BOKS-07.M12") == ["RAK-01.BOKS-", "07.M12"]
    assert fitting_lines("PGD/1234/VIII/2026") == ["PGD/1234/VIII/", "2026"]
    assert all(len(line) <= LONGEST for line in fitting_lines("x" * 60))


def test_what_has_ended_waits_in_a_list_until_it_is_filed(at, office, cases, folder):
    petugas = at("petugas")
    assert all(number_of(case) in petugas.text("/arsip/belum-diarsipkan/") for case in cases)
    shelf.file_cases(cases[:1], by=office["petugas"], place=folder)
    assert number_of(cases[0]) not in petugas.text("/arsip/belum-diarsipkan/")
    assert number_of(cases[0]) in petugas.text("/arsip/tersimpan/?flt0_0=R-01")
    assert number_of(cases[0]) not in petugas.text("/arsip/tersimpan/?flt0_0=M-7")


def test_retention_says_what_the_office_has_yet_to_decide_and_then_what_is_due(at, office, cases):
    petugas = at("petugas")
    assert "Jadwal retensi belum diisi" in petugas.text("/arsip/retensi/")
    store_setting(CLASS, "460", today() - timedelta(days=4_000))
    Retention.create(code="460", active_years=2, inactive_years=1, fate="musnah")
    assert "Jadwal retensi belum diisi" not in petugas.text("/arsip/retensi/")
    old = now() - timedelta(days=365 * 2 + 10)
    CaseShelf.update(ended_at=old).where(CaseShelf.complaint == cases[0]).execute()
    page = petugas.text("/arsip/retensi/")
    assert number_of(cases[0]) in page
    assert "Musnah" in page
    assert number_of(cases[1]) not in page
    assert number_of(cases[0]) in petugas.text("/arsip/retensi/?flt0_0=aktif")
    assert number_of(cases[0]) not in petugas.text("/arsip/retensi/?flt0_0=inaktif")


def test_a_rahasia_case_shows_at_no_door_to_who_may_not_read_it(at, office, folder):
    [case] = office.receive(1, category=SECRET)
    office.bring([case], CLOSED)
    shelf.file_cases([case], by=office["petugas"], place=folder)
    shelf.lend_cases([case], by=office["petugas"], borrower="Siti Rahasia", due_on=today())
    number, stranger = number_of(case), at("staf.rehsos")
    for path in (*LISTS, "/arsip/?q=M-0012", f"/arsip/?q={number}"):
        page = stranger.get(path).text
        assert number not in page.replace(f'value="{number}"', ""), path
        assert "Siti Rahasia" not in page, path
    assert number in at("kadis").text("/arsip/belum-kembali/")


def test_a_berkas_filed_where_it_is_already_is_asked_for_another_place(at, office, cases, folder):
    shelf.file_cases(cases[:1], by=office["petugas"], place=folder)
    answer = at("petugas").post("/arsip/catat/simpan/", cases=cases[0], code="M-0012")
    assert answer.status_code == 409
    assert "Berkasnya sudah tercatat di M-0012" in words(answer.text)
    assert 'name="code"' in answer.text
    assert 'value="M-0012"' in answer.text


def test_an_old_page_does_not_end_a_loan_that_it_does_not_show(at, office, cases):
    petugas, by = at("petugas"), office["petugas"]

    def lend(borrower):
        shelf.lend_cases(cases[:1], by=by, borrower=borrower, due_on=today())

    lend("Siti")
    form = form_to("/arsip/catat/kembali/", petugas.page(f"/pengaduan/details/?id={cases[0]}"))
    shelf.return_cases(cases[:1], by=by)
    lend("Budi")
    answer = petugas.client.post("/arsip/catat/kembali/", data=form)
    assert shelf.OTHER_LOAN.format(borrower="Budi") in petugas.text(answer.location)
    assert CaseReturned.select().count() == 1
    petugas.client.post("/arsip/catat/kembali/", data=form_to("/arsip/catat/kembali/", petugas.page(answer.location)))
    assert CaseReturned.select().count() == 2


def form_to(address, page):
    """The hidden fields of the form that is sent to this address."""
    inside = page.partition(f'action="{address}"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', inside))


def test_numbers_typed_with_a_borrower_are_masked_on_each_page(at, cases):
    petugas, number = at("petugas"), number_of(cases[0])
    typed = "Siti 081234567890 NIK 3573014101800001"
    petugas.post("/arsip/catat/pinjam/", cases=cases[0], borrower=typed, due_on=today().isoformat())
    petugas.post("/arsip/catat/kembali/", cases=cases[0])
    petugas.post("/arsip/catat/pinjam/", cases=cases[0], borrower=typed, due_on=today().isoformat())
    for path in ("/arsip/belum-kembali/", f"/arsip/?q={number}", f"/pengaduan/details/?id={cases[0]}", "/riwayat/"):
        page = petugas.page(path)
        assert "Siti" in page, path
        assert "081234567890" not in page, path
        assert "3573014101800001" not in page, path


def test_a_place_with_the_code_of_a_number_hides_no_case(at, office, cases, folder):
    rack = ShelfPlace.create(code="1", kind="rak")
    shelf.file_cases(cases[1:], by=office["petugas"], place=rack)
    answer = at("petugas").page("/arsip/?q=1").partition('id="jawaban"')[2]
    assert number_of(cases[0]) in answer
    assert "Rak 1" in unescape(answer).replace("\xa0", " ")
    assert number_of(cases[1]) in answer


@pytest.mark.only("sqlite")
def test_who_does_not_record_reads_only(at, office, cases, folder):
    for name in ("kadis", "bidang.rehsos", "pengawas"):
        visitor = at(name)
        assert visitor.get("/arsip/").status_code == 200
        assert visitor.get(f"/arsip/catat/simpan/?id={cases[0]}").status_code == 403
        assert visitor.post("/arsip/catat/kembali/", cases=cases[0]).status_code == 403
        answer = visitor.post("/arsip/belum-diarsipkan/action/", action="shelf_returned", rowid="1")
        assert answer.status_code == 404
        assert "Simpan berkas di" not in visitor.text("/arsip/belum-diarsipkan/")
    admin = at("admin")
    assert admin.get("/arsip/").status_code == 403
    assert admin.get("/tempat-arsip/new/").status_code == 200


def test_places_stand_in_one_another_from_rak_to_map_and_no_two_codes_read_alike(at, folder):
    petugas = at("petugas")

    def create(**fields):
        return petugas.post("/tempat-arsip/new/", active="y", name="", **fields)

    assert create(code="b-07", kind="boks", parent=folder.parent_id).status_code == 303
    assert ShelfPlace.get(ShelfPlace.code == "B-07").parent_id == folder.parent_id
    assert "terbaca sama dengan M-0012" in words(create(code="M-OO12", kind="map").text)
    box = ShelfPlace.get(ShelfPlace.code == "B-07")
    assert "Rak tidak dapat terletak di dalam Boks" in words(create(code="R-02", kind="rak", parent=box.id).text)
    assert create(code="tanpa spasi", kind="rak").status_code != 303


def test_each_page_says_what_it_is_for(at):
    for path in LISTS:
        assert any(about in at("petugas").text(path) for about in ABOUT.values())


ODD = (
    "\0",
    "%ff",
    "9" * 400,
    "' OR 1=1 --",
    "\u202e\u200b",
    "/arsip/?q=",
    "https://x.example/arsip/?q=",
    "-" * 200,
    "½²",
)


@pytest.mark.parametrize("typed", ODD)
def test_whatever_is_typed_gets_a_page_and_no_error(at, folder, typed):
    petugas = at("petugas")
    assert petugas.get("/arsip/", query_string={"q": typed}).status_code == 200
    assert petugas.get("/arsip/tersimpan/", query_string={"flt0_0": typed, "search": typed}).status_code == 200
    assert petugas.get("/arsip/catat/simpan/", query_string={"id": typed}).status_code == 404
    assert petugas.post("/arsip/catat/kembali/", cases=typed).status_code == 404


def test_a_case_is_named_once_in_the_form_and_none_of_too_many(at, office):
    [case] = office.receive()
    petugas = at("petugas")
    assert petugas.get(f"/arsip/catat/pinjam/?id={case}&id={case}").status_code == 200
    assert petugas.post("/arsip/catat/kembali/", cases=",".join(map(str, range(1, 502)))).status_code == 400
