"""What an office is shown that has yet to say who it is: what is asked for first, and why nothing is issued before."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from admin.office import checklist
from models.complaint.complaint import Complaint
from models.office.identity import AREA_CODE, IDENTITY, PANEL
from models.office.people import today
from models.office.settings import OPTIONS, ZONE, values
from sop.clock import WIB
from sop.words import format_date
from tests.admin.forms import form_on, save
from tests.models.office.test_identity import say

KOP = "/pengaturan/kop/"
TYPED = {
    "government": "PEMERINTAH KABUPATEN CONTOH",
    "name": "DINAS SOSIAL",
    "address": "Jalan Satu 1",
    "phone": "(0999) 111",
    "city": "CONTOHARJO",
    "unit_code": "403",
    "area_code": "99.01",
    "builtin": "y",
}


@pytest.fixture(scope="module")
def begun(unnamed: Path) -> Path:
    return unnamed


def test_who_it_is_is_asked_for_before_all_else_and_in_this_order(at, panel):
    with panel.test_request_context():
        first, second, *_ = checklist.checklist_items()
    assert (first.title, second.title) == ("Identitas kantor", "Kop dan lambang")
    assert [words for words, _ in first.lacking] == [OPTIONS[key].label for key in IDENTITY]
    assert [url for _, url in first.lacking][2] == f"/pengaturan/new/?key={PANEL}"
    page = at("admin").get("/").text
    assert page.index("Pemerintah daerah") < page.index("Alamat kantor") < page.index("Unit kerja dan pejabat")


def test_nothing_that_a_new_office_is_shown_is_of_another_city(at, stranger):
    pages = [stranger.get("/masuk").text]
    visitor = at("admin")
    pages += [visitor.page(f"/{page}") for page in ("", "pengaturan/", "pengaturan/kop/", "media/", "alasan/")]
    pages += [visitor.page(f"/pengaturan/new/?key={key}") for key in OPTIONS if key.startswith("number.")]
    assert [words for page in pages for words in re.findall(r"(?i)malang|ngalam|sambat|35\.73", page)] == []


def test_the_kop_asks_for_all_of_it_and_prints_what_was_said(at, panel, unprinted):
    visitor = at("admin")
    answer = save(visitor, KOP, **{**TYPED, "city": "", "area_code": ".99"})
    assert answer.status_code == 200
    assert "“.99” bukan kode yang benar" in answer.text
    assert "PEMERINTAH KABUPATEN CONTOH" in answer.text
    assert save(visitor, KOP, **TYPED).status_code == 303
    panel_name = "Dinas Sosial Kabupaten Contoh"
    assert save(visitor, f"/pengaturan/new/?key={PANEL}", value=panel_name, valid_from=str(today())).status_code == 303
    assert values()[AREA_CODE] == "99.01"
    assert save(visitor, f"/pengaturan/new/?key={ZONE}", valid_from=str(today())).status_code == 200
    assert save(visitor, f"/pengaturan/new/?key={ZONE}", value="WIB", valid_from=str(today())).status_code == 303
    with panel.test_request_context():
        assert checklist.checklist_items()[0].done
    assert "400.9/12/99.01.403/" in visitor.get("/pengaturan/perihal/nomor/").text
    assert panel_name in visitor.get("/pengaturan/perihal/panel/").text


def test_the_form_of_a_complaint_says_so_before_and_shows_what_was_typed(at):
    visitor = at("petugas")
    refusal = "Pengaduan belum dapat dicatat."
    assert refusal in visitor.text("/pengaduan/new/")
    typed = {"medium": "1", "category": "1", "story": "Bantuan tidak diterima sejak Juli.", "pengadu-name": "Siti"}
    sent = form_on(visitor.get("/pengaduan/new/").text, "intake").sent
    answer = visitor.client.post("/pengaduan/new/", data={**sent, **typed, "do": "save"})
    assert answer.status_code == 422
    assert "Pemerintah daerah, Nama dinas pada kop" in answer.text
    assert "Bantuan tidak diterima sejak Juli." in answer.text
    assert not Complaint.select().exists()


def test_a_blank_form_is_not_printed_with_an_empty_head(at):
    answer = at("petugas").get("/dokumen/formulir-kosong.pdf")
    assert answer.status_code == 409
    assert "Identitas kantor belum lengkap" in answer.text


def test_the_zone_is_in_force_at_once_and_stays_from_the_first_complaint_on(at, office):
    visitor, address = at("admin"), f"/pengaturan/new/?key={ZONE}"
    tomorrow = str(today() + timedelta(days=1))
    assert "berlaku seketika" in save(visitor, address, value="WIT", valid_from=tomorrow).text
    try:
        assert save(visitor, address, value="WIT", valid_from=str(today())).status_code == 303
        assert 'data-zona="Asia/Jayapura"' in visitor.get("/").text
        assert save(visitor, address, value="WITA", valid_from=str(today())).status_code == 303
        assert (WIB.word, WIB.zone.key) == ("WITA", "Asia/Makassar")
        earlier = save(visitor, address, value="WIB", valid_from=str(today() - timedelta(days=1)))
        assert f"WITA berlaku sejak {format_date(today())}" in earlier.text
        assert (values()[ZONE], WIB.word) == ("WITA", "WITA")
        assert "WITA – Waktu Indonesia Tengah" in visitor.text("/pengaturan/perihal/panel/")
        say(office, **{ZONE: "WITA"})
        office.receive()
        answer = save(visitor, address, value="WIB", valid_from=str(today()))
        assert "Zona waktu tetap WITA: sudah ada pengaduan" in answer.text
        assert (values()[ZONE], WIB.word) == ("WITA", "WITA")
    finally:
        WIB.follow("WIB")
