"""Dokumen: each paper as PDF for who may read its case, many in one file, drafts marked KONSEP."""

import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperVoid, Print, PrintFailure
from models.office.people import Division
from models.records.registry import RECORDS
from papers.printing import press
from papers.printing.failure import PrintError
from sop.vocabulary import vocabulary
from tests.office import SECRET
from tests.papers.reading import words as squeezed

PDF = b"%PDF-1.4\n"


@pytest.fixture
def quick(monkeypatch):
    """A press that prints at once and plainly: how papers look is tested where they are made."""
    from reportlab.pdfgen.canvas import Canvas

    def pdf(content):
        out = io.BytesIO()
        canvas = Canvas(out)
        canvas.drawString(50, 700, f"{content['paper']['title']} {'KONSEP' if content['paper']['draft'] else ''}")
        canvas.save()
        return out.getvalue()

    monkeypatch.setattr(press._printer, "pdf", pdf)


def text_of(data):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def pdf_url(paper):
    return f"/dokumen/{paper.public_id}.pdf"


def test_a_paper_is_printed_when_it_is_first_asked_for_and_is_the_same_ever_after(at, office, quick):
    petugas = at("petugas")
    office.receive()
    paper = Paper.get(kind="form_pengaduan")
    assert not Print.select().exists()
    first, second = petugas.get(pdf_url(paper)), petugas.get(pdf_url(paper))
    assert first.data[:5] == b"%PDF-"
    assert first.data == second.data
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in first.headers["Cache-Control"]
    assert first.headers["Content-Disposition"].startswith('inline; filename="form-pengaduan_')
    assert "PDF siap" in petugas.text("/dokumen/")


def test_a_paper_of_an_invisible_case_is_not_there(at, office, quick):
    [secret] = office.receive(category=SECRET)
    office.bring([secret], "dispose")
    office.do([secret], "dispose", unit=Division.get(code="PPA").id)
    head = at("bidang.rehsos")
    for paper in list(Paper.select()):
        assert head.get(pdf_url(paper)).status_code == 404
    assert head.get(f"/dokumen/konsep/{secret}/berkas_asesmen.pdf").status_code == 404
    assert head.post("/dokumen/action/", action="merge", rowid=[str(Paper.get().id)]).status_code == 404
    assert at("admin").get(pdf_url(Paper.get())).status_code == 403
    assert not Print.select().exists()


@pytest.mark.parametrize("path", ["x.pdf", "konsep/1/nota_dinas.pdf", "konsep/0/x.pdf", "konsep/99999999999/x.pdf"])
def test_what_is_no_paper_is_404(at, path):
    assert at("petugas").get(f"/dokumen/{path}").status_code == 404


def test_chosen_papers_come_as_one_pdf_or_as_a_zip_from_all_three_lists(at, office, quick):
    kadis = at("kadis")
    ids = office.receive(2)
    office.bring(ids, "deliver")
    notas = [str(r.id) for r in RECORDS["nota_dinas"].select()]
    papers = [str(p.id) for p in Paper.select()]
    chosen = {"/pengaduan/": [str(i) for i in ids], "/nota-dinas/": notas, "/dokumen/": papers}
    open_to_kadis = sum(not vocabulary().papers[p.kind].identity for p in Paper.select())
    expected = {"/pengaduan/": open_to_kadis, "/nota-dinas/": 2, "/dokumen/": open_to_kadis}
    for path, rows in chosen.items():
        merged = kadis.post(f"{path}action/", action="merge", rowid=rows)
        sheet = expected[path] == open_to_kadis  # before them, of those that are closed to him
        assert len(PdfReader(io.BytesIO(merged.data)).pages) == expected[path] + sheet, path
        zipped = kadis.post(f"{path}action/", action="zip", rowid=rows)
        assert len(zipfile.ZipFile(io.BytesIO(zipped.data)).namelist()) == expected[path] + sheet
        assert zipped.headers["Content-Disposition"].startswith("attachment")


def merged_by(visitor, path, rows, **more):
    """How many pages a list merges, and the text of the first."""
    answer = visitor.post(f"{path}action/", action="merge", rowid=[str(row) for row in rows], **more)
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return len(pages), squeezed(pages[0].extract_text())


def test_a_merge_and_a_zip_say_what_they_leave_out_void_closed_or_not_issued(at, office):
    issued, bare = office.receive(), office.receive()
    office.bring(issued, "handle")
    office.bring(bare, "dispose")
    disposed = Paper.get(kind="lembar_disposisi")
    PaperVoid.create(paper=disposed, reason="Salah unit", by=office["kadis"], at=office.at)
    kadis = at("kadis")
    for bundle in ("merge", "zip"):
        assert kadis.post("/dokumen/action/", action=bundle, rowid=[str(disposed.id)]).status_code == 303
    assert "sudah batal, jadi tidak ada yang disertakan" in kadis.text("/dokumen/")
    _, notes = merged_by(kadis, "/pengaduan/", [*issued, *bare])
    assert_zip_says(kadis, "/pengaduan/", [*issued, *bare], notes)
    closed = Paper.select().where(Paper.kind == "form_pengaduan").count()
    assert notes.count(squeezed("hanya dibuka petugas dan pelaksana")) == closed
    assert squeezed("Batal: Salah unit") in notes
    _, notes = merged_by(at("petugas"), "/dokumen/", [p.id for p in Paper.select()])
    assert squeezed("1 dari 5 dokumen yang dipilih") in notes
    valid = [p.id for p in Paper.select().where(Paper.id != disposed.id)]
    assert press.MISSING not in zipped_by(at("petugas"), "/dokumen/", valid).namelist()


def zipped_by(visitor, path, rows):
    answer = visitor.post(f"{path}action/", action="zip", rowid=[str(row) for row in rows])
    return zipfile.ZipFile(io.BytesIO(answer.data))


def assert_zip_says(visitor, path, rows, notes):
    """Beside its papers a zip of these rows says, line by line, what the sheet of a merge says."""
    archive = zipped_by(visitor, path, rows)
    assert not {name for name in archive.namelist() if not name.endswith(".pdf")} - {press.MISSING}
    lines = re.findall(r"^(?:\d+\. |   )?(.+)$", archive.read(press.MISSING).decode(), re.MULTILINE)
    assert len(lines) > 6
    assert not [line for line in lines if squeezed(line) not in notes]


def test_both_sides_are_chosen_at_the_button_and_remembered(at, office, quick):
    petugas = at("petugas")
    office.receive()
    papers = [p.id for p in Paper.select()]
    chosen = '<input type="checkbox" name="duplex" checked>'
    assert chosen not in petugas.get("/dokumen/").text
    count, _ = merged_by(petugas, "/dokumen/", papers, **{"duplex-asked": "1", "duplex": "on"})
    assert count == 2 * len(papers) - 1  # nothing follows the last
    assert chosen in petugas.get("/dokumen/").text
    count, _ = merged_by(petugas, "/dokumen/", papers)  # a page that does not ask
    assert count == 2 * len(papers) - 1
    count, _ = merged_by(petugas, "/dokumen/", papers, **{"duplex-asked": "1"})
    assert count == len(papers)
    assert chosen not in petugas.get("/dokumen/").text


def test_a_message_says_that_rows_have_no_papers(at, office, panel):
    petugas = at("petugas")
    [one] = office.receive()
    office.do([one], "void")
    answer = petugas.post("/pengaduan/action/", action="merge", rowid=[str(one)])
    assert answer.status_code == 303
    assert "Belum ada dokumen yang terbit" in petugas.text("/pengaduan/")


def test_what_cannot_be_printed_says_why(at, office, monkeypatch):
    petugas = at("petugas")
    office.receive()
    monkeypatch.setattr(press._printer, "pdf", _broken)
    answer = petugas.get(pdf_url(Paper.get()))
    assert answer.status_code == 409
    assert "Halaman tidak dapat disusun" in answer.text
    assert PrintFailure.select().exists()
    assert "Gagal dicetak Halaman tidak dapat disusun" in petugas.text("/dokumen/")


def _broken(content):
    raise PrintError("Halaman tidak dapat disusun.")


DRAFTED = {
    "dispose": "lembar_disposisi",
    "handle": "berkas_asesmen",
    "submit": "nota_dinas",
    "approve": "nota_dinas",
    "deliver": "berita_acara",
}


@pytest.mark.parametrize(("state", "kind"), DRAFTED.items())
def test_the_awaited_paper_can_be_read_as_konsep_and_is_not_stored(at, office, state, kind):
    reader = at(
        "bidang.rehsos" if vocabulary().transitions[state].draft else "kadis"
    )  # what the unit writes is its own
    [one] = office.receive()
    office.bring([one], state)
    link = f"/dokumen/konsep/{one}/{kind}.pdf"
    assert link in reader.get(f"/pengaduan/details/?id={one}").text
    before, papers = office.digest(), Paper.select().count()
    answer = reader.get(link)
    assert answer.status_code == 200
    text = text_of(answer.data)
    assert "KONSEP" in text
    assert Complaint.get_by_id(one).number in text
    assert (office.digest(), Paper.select().count()) == (before, papers)
    assert not Print.select().where(Print.paper.in_(Paper.select(Paper.id).where(Paper.kind == kind))).exists()


def test_a_konsep_never_presumes_the_decision(at, office, panel):
    [one] = office.receive()
    office.bring([one], "approve")
    said = text_of(at("kadis").get(f"/dokumen/konsep/{one}/nota_dinas.pdf").data)
    assert "KONSEP" in said
    assert "Disetujui" not in said


def test_a_void_paper_stays_listed_as_such(at, office, panel):
    [one] = office.receive()
    office.bring([one], "dispose")
    office.do([one], "dispose")
    office.do([one], "recall", by="kadis", reason="Salah unit kerja")
    assert "Batal" in at("petugas").text("/dokumen/")


def test_papers_filter_by_kind(at, office, panel):
    petugas = at("petugas")
    office.receive()
    page = petugas.text("/dokumen/?flt0_0=tanda_terima")
    assert "1 dokumen ditemukan" in page
    assert vocabulary().papers["tanda_terima"].title in page
