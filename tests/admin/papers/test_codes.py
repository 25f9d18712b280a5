"""Verification codes in the panel: found on Dokumen by who may read the paper, noted nowhere, said where they lack."""

import pytest

from models.complaint.accesslog import Reading, asked_for
from models.complaint.codes import code_groups
from models.complaint.event import open_seals
from models.complaint.paper import Paper, PaperCode, content_of
from models.office.settings import CODE_ADDRESS, values
from models.reading.recap_paper import RecapPaper, content_of_recap
from models.store.base import database
from sop.procedure import is_draft
from sop.vocabulary import CLOSED
from tests.models.behind import unguarded
from tests.office import SECRET
from tests.papers.reading import codes

BEFORE = "erbit sebelum ada kode verifikasi"
RANGE = {"dari": "2026-10-01", "sampai": "2026-10-31"}


def code_of(paper):
    return content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])["code"]["text"]


def listed(text):
    return [paper.public_id for paper in Paper.select() if f"/dokumen/{paper.public_id}.pdf" in text]


def typed(code):
    return code_groups(code).lower().replace("0", "o").replace("-", " ")


def test_dokumen_shows_the_one_paper_whose_code_is_typed(at, office):
    office.bring(office.receive(2), CLOSED)
    petugas = at("petugas")
    for paper in list(Paper.select().where(Paper.kind.in_(["nota_dinas", "berita_acara"]))):
        for words in (code_of(paper), typed(code_of(paper))):
            assert listed(petugas.get("/dokumen/", query_string={"search": words}).text) == [paper.public_id]


def test_each_paper_of_a_case_has_a_code_of_its_own(office):
    [case] = office.receive(category=SECRET)
    office.bring([case], CLOSED)
    issued = list(Paper.select().where(Paper.complaint == case))
    assert {"berita_acara", "kutipan_berita_acara"} <= {paper.kind for paper in issued}
    assert len({code_of(paper) for paper in issued}) == len(issued)


def test_who_may_not_read_its_case_learns_no_more_than_of_an_unknown_code(at, office):
    [case] = office.receive(category=SECRET)
    office.bring([case], "handle")
    known, unknown = code_of(Paper.get(Paper.complaint == case)), "7K3M9Q2X0VBT5R8WJZ4CN6HYAD"
    unit = at("bidang.rehsos")
    answers = [unit.text(f"/dokumen/?search={code}").replace(code, "") for code in (known, unknown)]
    assert answers[0] == answers[1]
    assert "Tidak ada dokumen dengan kode verifikasi ini" in answers[0]


def test_neither_the_access_log_nor_a_saved_view_keeps_a_code(at, office):
    office.bring(office.receive(category=SECRET), "handle")
    code, kadis = code_of(Paper.get()), at("kadis")
    kadis.get("/dokumen/", query_string={"search": typed(code)})
    asked = [asked_for(row) for row in Reading.select()]
    assert "cari: kode verifikasi" in asked
    assert not [words for words in asked if code[:4].lower() in words.lower()]
    address = kadis.get("/dokumen/", query_string={"search": code, "page_size": 50}).text
    saving = address.partition('name="nama"')[0].rpartition("<form")[2]
    assert "page_size=50" in saving
    assert code not in saving


def test_words_of_as_many_letters_are_searched_as_words(at, office):
    office.receive(title="bantalan kepala dinas kotaa")
    paper = Paper.select().order_by(Paper.id).first()
    assert paper.public_id in listed(at("petugas").get("/dokumen/?search=bantalan+kepala+dinas+kotaa").text)


def test_a_paper_of_before_there_were_codes_says_so_on_its_case(at, office):
    [case] = office.receive()
    page = f"/pengaduan/details/?id={case}"
    petugas = at("petugas")
    assert BEFORE not in petugas.text(page)
    with unguarded(office.path) as raw:
        raw.execute("DELETE FROM paper_code")
    assert petugas.text(page).count(BEFORE) == Paper.select().count()


def test_a_recap_bears_its_code_and_one_of_before_says_that_it_has_none(at, office):
    office.receive()
    kadis = at("kadis")
    kadis.post("/rekapitulasi/terbit/", **RANGE)
    recap = RecapPaper.get()
    code = content_of_recap(recap)["code"]
    printed = kadis.get(f"/rekapitulasi/terbit/{recap.id}.pdf").data
    assert {text for page in codes(printed) for text in page} == {code["qr"]}
    assert BEFORE not in kadis.text("/rekapitulasi/")
    assert f"Rekapitulasi Penanganan Pengaduan nomor {recap.number.text}" in kadis.text(
        f"/dokumen/?search={code['text']}"
    )
    with unguarded(office.path) as raw:
        raw.execute("UPDATE recap_paper SET code = NULL")
    assert BEFORE in kadis.text("/rekapitulasi/")
    assert "code" not in content_of_recap(RecapPaper.get())


@pytest.mark.parametrize(
    ("kind", "path", "method", "words"),
    [
        ("buku_register", "/buku-register/", "post", "Buku Register Pengaduan 1–31 Oktober 2026"),
        (
            "uji_kepatuhan",
            "/uji-kepatuhan/lembar.pdf?dari=2026-10-01&sampai=2026-10-31&n=3&benih=7",
            "get",
            "nomor pengambilan sampel 7",
        ),
        *([] if is_draft() else [("lembar_sop", "/sop/lembar.pdf", "get", "SOP PELAYANAN PENANGANAN PENGADUAN")]),
    ],
)
def test_what_is_printed_from_a_page_bears_a_code_that_says_what_it_was(at, office, kind, path, method, words):
    office.receive()
    kadis = at("kadis")
    answer = kadis.post(path, **RANGE) if method == "post" else kadis.get(path)
    read = {text for page in codes(answer.data) for text in page}
    assert len(read) == 1
    assert PaperCode.select().where(PaperCode.kind == kind).count() == 1
    answered = kadis.text(f"/dokumen/?search={read.pop()}")
    assert "Kode verifikasi ini tercetak pada" in answered
    assert words in answered
    assert f"oleh {office['kadis'].name}" in answered


def test_the_same_sheet_of_the_sop_has_the_same_code_whoever_prints_it(at):
    first, again = (at(who).get("/sop/lembar.pdf").data for who in ("petugas", "admin"))
    assert first == again
    assert PaperCode.select().where(PaperCode.kind == "lembar_sop").count() == (not is_draft())


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://panel.dinas.example/periksa/", True),
        ("", True),
        ("http://panel.dinas.example/", False),
        ("https://panel.dinas.example/peri ksa", False),
        (f"https://{'p' * 60}.example/", False),
    ],
)
def test_the_address_of_the_qr_code_is_one_that_a_telephone_opens(at, address, is_kept):
    admin = at("admin")
    page = f"/pengaturan/new/?key={CODE_ADDRESS}"
    fields = admin.fields(page) if hasattr(admin, "fields") else {}
    answer = admin.post(page, **{**fields, "value": address, "valid_from": "2026-10-05", "version": "0"})
    assert (answer.status_code in (302, 303)) == is_kept
    database.close()
    assert values()[CODE_ADDRESS] == (address if is_kept else "")
