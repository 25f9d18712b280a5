"""Riwayat: acts as sentences within the viewer's scope, and the check of the whole history."""

import re

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.people import Division
from models.store.base import database
from tests.models.behind import unguarded
from tests.office import SECRET


def test_acts_stand_in_sentences_with_what_was_written(at, office, panel):
    office.do(office.receive(3), "raise", note="Mohon didahulukan")
    text = at("kadis").text("/riwayat/")
    assert "menaikkan berkas kepada Kepala Dinas, bersama 2 pengaduan lain" in text
    assert "Mohon didahulukan" in text


def test_nothing_of_an_invisible_case_is_shown(at, office, panel):
    [secret] = office.receive(category=SECRET)
    office.bring([secret], "dispose")
    office.do([secret], "dispose", unit=Division.get(code="PPA").id, note="Jangan sampai bocor")
    number = Complaint.get_by_id(secret).number
    for who in ("bidang.rehsos", "staf.rehsos", "petugas2", "admin"):
        page = at(who).get("/riwayat/?page_size=100").text
        assert number not in page, who
        assert "Jangan sampai bocor" not in page, who
    assert "Jangan sampai bocor" in at("bidang.ppa").get("/riwayat/").text


@pytest.mark.parametrize(("who", "is_shown"), [("kadis", True), ("pengawas", True), ("bidang.rehsos", False)])
def test_how_many_moved_together_is_shown_to_who_acted_or_reads_every_case(at, office, panel, who, is_shown):
    [plain], secret = office.receive(), office.receive(2, category=SECRET)
    for cases in ([plain], secret):
        office.bring(cases, "approve")
    office.do([plain, *secret], "approve", by="kadis")
    visitor = at(who)
    for page in ("/riwayat/", f"/pengaduan/details/?id={plain}"):
        assert "menyetujui Nota Dinas" in visitor.text(page)
        assert ("bersama 2 pengaduan lain" in visitor.text(page)) is is_shown, page
        assert ("bersama" in visitor.text(page)) is is_shown, page


def test_who_moved_several_together_reads_how_many(at, office, panel):
    [first, _, _] = cases = office.receive(3)
    office.do(cases, "raise", by="petugas")
    assert "bersama 2 pengaduan lain" in at("petugas").text(f"/pengaduan/details/?id={first}")
    assert "bersama 2 pengaduan lain" not in at("petugas2").text(f"/pengaduan/details/?id={first}")


def test_filters_by_act_and_by_who(at, office, panel):
    kadis = at("kadis")
    [one] = office.receive()
    office.bring([one], "handle")
    assert "1 catatan ditemukan" in kadis.text("/riwayat/?flt2_2=dispose")
    by_rina = Event.select().where(Event.who.contains("Rina")).count()
    assert by_rina >= 2
    assert f"{by_rina} catatan ditemukan" in kadis.text("/riwayat/?flt3_3=Rina")
    assert "Tidak ada yang cocok" in kadis.text("/riwayat/?flt0_0=2099-01-01")


@pytest.mark.parametrize("who", ["kadis", "pengawas", "admin"])
def test_the_responsible_roles_check_the_whole_history(at, office, who):
    visitor = at(who)
    office.bring(office.receive(4), "dispose")
    count = Event.select().count()
    answer = visitor.post("/riwayat/periksa/")
    assert answer.status_code == 303
    assert f"Riwayat utuh – {count} catatan diperiksa." in visitor.text("/riwayat/")


@pytest.mark.parametrize("who", ["petugas", "bidang.rehsos", "staf.rehsos"])
def test_others_are_neither_offered_nor_allowed_the_check(at, who):
    visitor = at(who)
    assert "/riwayat/periksa/" not in visitor.get("/riwayat/").text
    assert visitor.post("/riwayat/periksa/").status_code == 403


def test_the_check_needs_the_pages_token_and_is_no_link(at):
    kadis = at("kadis")
    assert kadis.get("/riwayat/periksa/").status_code == 405
    assert kadis.client.post("/riwayat/periksa/").status_code == 400


def test_a_tampered_entry_is_named(at, office, panel):
    kadis = at("kadis")
    office.receive(3)
    database.close_all()
    with unguarded(office.path) as raw:
        raw.execute("UPDATE event SET who = 'Orang lain' WHERE id = 2")
    kadis.post("/riwayat/periksa/")
    assert re.search("Riwayat tidak utuh: Catatan riwayat nomor 2 telah berubah", kadis.text("/riwayat/"))
