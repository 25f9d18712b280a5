"""Daftar terbit over HTTP: issued by a POST, listed for whom they concern, the same bytes ever after."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from models.case.issued_lists import IssuedList, content_of_list
from models.complaint.complaint import Complaint
from models.complaint.number import APPROVALS, COVERING
from models.complaint.paper import Paper
from models.office.people import Mandate, User, today
from models.store.base import now
from sop.vocabulary import vocabulary
from tests.office import SECRET
from tests.papers.reading import codes, pages, words

LISTS = "/dokumen/daftar/"
DAY = "/meja/approve/daftar/"


@pytest.fixture
def cases(office):
    """A case and a rahasia one whose Nota Dinas were approved just now."""
    User.update(nip="19680101 199001 1 001").where(User.username == "kadis").execute()
    ids = [*office.receive(title="Bantuan terhenti"), *office.receive(category=SECRET, title="Nama orang")]
    for case in ids:
        office.bring([case], "approve")
    office.do(ids, "approve", at=now())
    return ids


def brought(visitor):
    """The covering lists of all that waits for a signature."""
    return visitor.post("/dokumen/menunggu-tanda-tangan/", do="cover").data


def fields(printed):
    return set(PdfReader(io.BytesIO(printed)).get_fields() or {})


def listed(visitor, asked=""):
    """The lists on the page."""
    return {int(number) for number in re.findall(rf"{LISTS}([0-9]+)\.pdf", visitor.get(f"{LISTS}{asked}").text)}


def test_covering_lists_come_in_one_file_a_sheet_a_signer_and_are_found_under_dokumen(at, cases):
    petugas = at("petugas")
    assert "Belum ada daftar yang terbit" in petugas.text(LISTS)
    printed = brought(petugas)
    lists = list(IssuedList.select().order_by(IssuedList.id))
    sheets = [words(page) for page in pages(printed)]
    assert len(sheets) == len(lists) > 2
    for sheet, paper in zip(sheets, lists, strict=True):
        assert words(f"Nomor: {paper.number.text}") in sheet
        assert words("Diterima tanggal") in sheet
        assert ("NIP.196801011990011001" in sheet) == ("WicaksonoPradipta" in sheet)
    assert brought(petugas) == printed
    assert IssuedList.select().count() == len(lists)
    assert f'href="{LISTS}"' in petugas.get("/dokumen/").text
    assert listed(petugas) == {paper.id for paper in lists}


def test_one_alone_has_a_signature_field_for_each_of_both(at, cases):
    at("petugas").post("/dokumen/menunggu-tanda-tangan/", do="cover", tunggu="menunggu-maker")
    issued = IssuedList.get()
    assert fields(at("petugas").get(f"{LISTS}{issued.id}.pdf").data) == {"menyerahkan", "menerima"}


def test_the_list_of_a_day_is_issued_by_a_button_and_never_twice(at, cases, office):
    kadis = at("kadis")
    page = kadis.get(DAY).text
    assert "Terbitkan PDF" in page
    assert not IssuedList.select().exists()
    opened = kadis.post(DAY).location
    printed = kadis.get(opened).data
    assert kadis.post(DAY).location == opened
    assert fields(printed) == {"kepala_dinas"}
    office.bring(cases[:1], "closed")
    assert at("petugas2").get(opened).data == printed
    issued = IssuedList.get()
    assert issued.kind == APPROVALS
    text = words(" ".join(pages(printed)))
    assert words(issued.number.text) in text
    assert words("Bantuan terhenti") in text
    assert words("Nama orang") not in text


def test_a_day_without_decisions_has_none(at):
    assert at("kadis").post(DAY, tanggal="2020-02-03").status_code == 404


def test_each_bears_a_code_that_dokumen_finds(at, cases):
    kadis = at("kadis")
    issued = kadis.get(kadis.post(DAY).location)
    content = content_of_list(IssuedList.get())
    assert {text for page in codes(issued.data) for text in page} == {content["code"]["qr"]}
    answered = kadis.text(f"/dokumen/?search={content['code']['text']}")
    assert f"Daftar Nota Dinas yang disetujui nomor {content['paper']['number']}" in answered


def test_a_unit_sees_its_own_lists_and_no_other(at, cases, office):
    kadis, unit = at("kadis"), at("bidang.rehsos")
    kadis.post(DAY)
    brought(unit)
    own = {paper.id for paper in IssuedList.select() if paper.issued_by_id == office["bidang.rehsos"].id}
    assert listed(unit) == own != set()
    day = IssuedList.get(IssuedList.kind == APPROVALS).id
    assert unit.get(f"{LISTS}{day}.pdf").status_code == 404
    pengawas = at("pengawas")
    assert pengawas.get(f"{LISTS}{day}.pdf").status_code == 200
    Mandate.update(valid_to=today() - timedelta(days=1)).execute()
    assert pengawas.get(f"{LISTS}{day}.pdf").status_code == 404
    assert at("admin").get(f"{LISTS}{day}.pdf").status_code == 403
    every = {paper.id for paper in IssuedList.select()}
    assert listed(at("petugas2")) == listed(kadis) == every


def test_one_that_tells_of_a_case_that_is_rahasia_by_now_is_closed_to_who_may_not_read_it(at, cases, office):
    kadis = at("kadis")
    opened = kadis.post(DAY).location
    assert at("petugas2").get(opened).status_code == 200
    Complaint.update(secrecy="rahasia").where(Complaint.id == cases[0]).execute()
    answer = at("petugas2").get(opened)
    assert answer.status_code == 403
    assert "tidak terbuka bagi Anda" in answer.text
    assert kadis.get(opened).status_code == 200


def test_its_list_can_be_searched_and_filtered(at, cases, office):
    petugas = at("petugas")
    brought(petugas)
    at("kadis").post(DAY)
    [own] = [paper for paper in IssuedList.select() if office["kadis"].name in paper.about]
    assert listed(petugas, f"?search={own.number.text}") == {own.id}
    assert listed(petugas, f"?flt0_0={COVERING}") == {
        paper.id for paper in IssuedList.select() if paper.kind == COVERING
    }
    assert vocabulary().papers["nota_dinas"].title in petugas.text(LISTS)
    assert Paper.select().count() > 2
