"""A failed print is shown wherever it matters: on the start pages, in the list, on the case, at the paper's address."""

import re

import pytest

from admin.papers.failed_prints import misprints_url
from bench.pages import counted
from models.complaint.paper import Paper, PaperToPrint, PaperToReprint, PrintFailure
from papers.printing import press
from papers.printing.failure import PrintError

WHY, AGAIN = "Halaman tidak dapat disusun.", "Panel mencobanya lagi dengan sendirinya pada"
CARD, BUTTON = "dokumen gagal dicetak", "Cetak ulang semua"
ASKED = "/dokumen/cetak-ulang/"


@pytest.fixture
def failed(office, panel, monkeypatch):
    """A case whose papers could not be printed: its Form by the Petugas, its Disposisi by the Kepala Dinas."""
    [case] = office.receive()
    office.bring([case], "handle")

    def broken(content):
        raise PrintError(WHY)

    monkeypatch.setattr(press._printer, "pdf", broken)
    press.print_queued()
    return case


def issued_by(user):
    return Paper.select().where(Paper.issued_by == user).count()


def due_now():
    return {row.paper_id for row in PaperToReprint.select() if row.tries == 0}


def test_a_start_page_without_a_failure_says_nothing_of_it(at, office):
    office.receive()
    for who in ("petugas", "admin"):
        assert CARD not in at(who).text("/")


def test_the_issuer_and_the_admin_see_it_on_their_start_pages(at, office, failed):
    for who, count in (("petugas", issued_by(office["petugas"])), ("kadis", 1), ("admin", Paper.select().count())):
        text = at(who).text("/")
        assert f"{count} {CARD}" in text, who
        assert WHY in text
        assert AGAIN in text
        assert BUTTON in text
    for who in ("petugas2", "bidang.rehsos", "pengawas"):
        assert CARD not in at(who).text("/"), who


def test_the_admin_reads_nothing_of_the_papers(at, failed):
    page, papers = at("admin").page("/"), list(Paper.select())
    assert papers
    for paper in papers:
        assert paper.number not in page
        assert paper.public_id not in page
    assert "Lihat dokumennya" not in page


def test_the_list_is_narrowed_to_what_failed_and_says_why_and_when_it_is_tried_again(at, panel, failed):
    petugas = at("petugas")
    with panel.test_request_context():
        address = misprints_url()
    assert f'href="{address}"' in petugas.get("/").text
    text = petugas.text(address)
    assert 'value="reprint"' in petugas.get(address).text
    assert 'value="reprint"' not in petugas.get("/dokumen/").text
    assert f"{PaperToReprint.select().count()} dokumen ditemukan" in text
    assert f"Gagal dicetak {WHY} {AGAIN}" in text
    PaperToReprint.delete().execute()
    assert "Tidak ada yang cocok" in petugas.text(address)
    PaperToPrint.create(paper=Paper.select().get())
    assert "1 dokumen ditemukan" in petugas.text(address.replace("gagal", "menunggu"))


def test_the_print_queue_is_joined_per_paper_and_not_collected_per_case(at, office, panel):
    office.bring(office.receive(2), "handle")
    with panel.test_request_context():
        address = misprints_url().replace("gagal", "menunggu")
    head, waiting = at("bidang.rehsos"), PaperToPrint.select().count()
    with counted() as sent:
        text = head.text(address)
    assert 0 < int(re.search(r"(\d+) dokumen ditemukan", text)[1]) <= waiting
    assert any('JOIN "paper_to_print"' in sql for sql in sent)
    assert not [sql for sql in sent if " IN (SELECT" in sql and 'FROM "paper_to_print"' in sql]


def test_the_case_and_the_address_say_which_paper_failed_why_and_when_it_is_tried_again(at, failed):
    petugas, paper = at("petugas"), Paper.get(kind="form_pengaduan")
    assert f"{WHY} {AGAIN}" in petugas.text(f"/pengaduan/details/?id={failed}")
    answer = petugas.get(f"/dokumen/{paper.public_id}.pdf")
    assert answer.status_code == 409
    assert f"<h1>{paper} gagal dicetak</h1>" in answer.text
    assert WHY in answer.text
    assert AGAIN in answer.text
    assert "Belum ada yang berubah" not in answer.text


def test_one_has_printed_again_what_one_issued_and_the_admin_all(at, office, failed):
    mine = {paper.id for paper in Paper.select().where(Paper.issued_by == office["petugas"])}
    everything = {paper.id for paper in Paper.select()}
    for who, expected in (("kadis", everything - mine), ("petugas", everything), ("admin", everything)):
        answer = at(who).post(ASKED)
        assert (answer.status_code, answer.location) == (303, "/")
        assert due_now() == expected, who
    PaperToReprint.update(tries=1).execute()
    at("admin").post(ASKED, kind="lembar_disposisi")
    assert {Paper.get_by_id(number).kind for number in due_now()} == {"lembar_disposisi"}
    assert at("pengawas").post(ASKED).status_code == 403
    assert at("admin").get(ASKED).status_code == 405


def test_in_the_list_the_ticked_ones_that_one_issued_are_printed_again(at, office, failed):
    petugas, others = at("petugas"), Paper.get(Paper.issued_by == office["kadis"])
    form = Paper.get(kind="form_pengaduan")
    petugas.post("/dokumen/action/", action="reprint", rowid=[str(form.id), str(others.id)])
    assert due_now() == {form.id}
    text = petugas.text("/dokumen/")
    assert "1 dokumen dicetak ulang sekarang." in text
    assert "1 dokumen lain dilewati" in text
    assert "Panel sedang mencobanya lagi." in text
    petugas.post("/dokumen/action/", action="reprint", rowid=[str(others.id)])
    assert "Tidak ada yang dicetak ulang" in petugas.text("/dokumen/")
    at("pengawas").post("/dokumen/action/", action="reprint", rowid=[str(form.id)])
    assert due_now() == {form.id}


def test_a_failure_of_another_kind_is_listed_separately(at, failed):
    form = Paper.get(kind="form_pengaduan")
    PrintFailure.create(paper=form, reason="Pencetakan melewati batas waktu.", at=form.issued_at)
    text = at("admin").text("/")
    assert "1 Form Pengaduan Pencetakan melewati batas waktu." in text
    assert "1 Lembar Disposisi" in text
