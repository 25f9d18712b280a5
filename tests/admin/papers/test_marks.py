"""Papers out to be signed and home again: taken along at once, marked, filed; each by whom it belongs to."""

import io
import re
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader

from models.case.issued_lists import to_sign
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper, PaperFiled, PaperSigned, is_unsigned, signature_of_role, signed_by_hand
from models.office.people import Division, User, today
from models.office.settings import Setting
from models.workflow import marks
from papers.printing import press
from sop.signers import SIGNERS
from sop.vocabulary import CLOSED
from tests.admin.doors import words
from tests.office import SECRET

UNSIGNED = "/dokumen/?flt4_4=belum"
NOTA = ["kepala_dinas", "unit_head"]


@pytest.fixture
def cases(panel, office):
    ids = office.receive(2)
    office.bring(ids, CLOSED)
    return ids


def ids(*kinds):
    return [str(p.id) for p in Paper.select().order_by(Paper.id) if not kinds or p.kind in kinds]


def test_the_petugas_marks_many_papers_signed_on_one_page(at, cases):
    petugas = at("petugas")
    page = petugas.post("/dokumen/action/", action="signed", rowid=ids("nota_dinas", "tanda_terima"), url=UNSIGNED)
    assert page.status_code == 200
    assert "2 dari 4 dokumen yang dipilih dapat diproses" in words(page.text)
    chosen = re.search(r'name="papers" value="([\d,]+)"', page.text)[1]
    done = petugas.post(
        "/dokumen/tanda/ditandatangani/", papers=chosen, on=today().isoformat(), roles=NOTA, signer="", url=UNSIGNED
    )
    assert (done.status_code, done.headers["Location"]) == (303, UNSIGNED)
    assert PaperSigned.select().count() == 4
    documents = petugas.text(UNSIGNED)
    assert "2 dokumen sudah ditandatangani" in documents
    assert "2 dokumen tidak ditandai" in documents
    assert str(Paper.get(kind="nota_dinas").number) not in documents
    case = petugas.text(f"/pengaduan/details/?id={cases[0]}")
    assert "menandai Nota Dinas" in case
    assert "Ditandatangani" in case


def test_the_shelf_is_stored_with_the_paper(at, cases):
    petugas = at("petugas")
    [first, *_] = ids("berita_acara")
    petugas.post("/dokumen/tanda/disimpan/", papers=first, place="\0Lemari\x07 3,\r\nrak\u202e 2")
    assert PaperFiled.get().place == "Lemari 3, rak 2"
    given = {"papers": ids("nota_dinas")[0], "on": today().isoformat(), "roles": NOTA[:1]}
    petugas.post("/dokumen/tanda/ditandatangani/", **given, signer="\0Siti\u202e\nAminah\x07")
    assert PaperSigned.get().signer == "Siti Aminah"
    assert "Di Lemari 3, rak 2" in petugas.text("/dokumen/?flt4_4=arsip")
    assert "1 dokumen ditemukan" in petugas.text("/dokumen/?flt4_4=arsip")


def test_a_paper_that_a_later_one_replaces_waits_for_no_signature(at, office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    office.bring([case], "submit")
    first, second = Paper.select().where(Paper.kind == "berkas_asesmen").order_by(Paper.id)
    assert [paper.id for paper in Paper.select().where(is_unsigned() & (Paper.kind == first.kind))] == [second.id]
    assert "Digantikan" in at("kadis").text(f"/pengaduan/details/?id={case}")
    office.do([case], "recall")
    assert [paper.id for paper in Paper.select().where(is_unsigned() & (Paper.kind == first.kind))] == [first.id]


def test_a_mark_is_taken_back(at, cases):
    petugas = at("petugas")
    petugas.post("/dokumen/tanda/ditandatangani/", papers=ids("nota_dinas")[0], on=today().isoformat(), roles=NOTA)
    asked = petugas.post("/dokumen/action/", action="unsigned", rowid=ids("nota_dinas"))
    assert "1 dari 2 dokumen yang dipilih dapat diproses" in words(asked.text)
    first, second = ids("nota_dinas")
    petugas.post("/dokumen/tanda/dicabut/", papers=f"{first},{second}", roles=["unit_head"])
    assert "1 dokumen kembali menunggu tanda tangan" in petugas.text("/dokumen/")
    waiting = {
        role: Paper.select().where(is_unsigned(signature_of_role(role)) & (Paper.kind == "nota_dinas")).count()
        for role in NOTA
    }
    assert waiting == {"unit_head": 2, "kepala_dinas": 1}
    petugas.post("/dokumen/action/", action="unsigned", rowid=ids("nota_dinas"))  # one is left: nothing to ask
    assert (
        Paper.select().where(is_unsigned(signature_of_role("kepala_dinas")) & (Paper.kind == "nota_dinas")).count() == 2
    )


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("ditandatangani", {"on": ""}, "wajib diisi"),
        ("ditandatangani", {"on": "2199-01-01"}, "masa depan"),
        ("ditandatangani", {"on": "2999-01-01"}, "empat angka"),
        ("ditandatangani", {"on": "kemarin"}, "tanggal"),
        ("disimpan", {"place": " "}, "wajib diisi"),
        ("disimpan", {"place": "\0"}, "wajib diisi"),
        ("disimpan", {"place": "\x07\u202e \n"}, "wajib diisi"),
        ("disimpan", {"place": "x" * 201}, "200"),
        ("ditandatangani", {"on": "2026-01-01", "signer": "n" * 161}, "160"),
        ("ditandatangani", {"on": "2026-01-01"}, "sedikitnya satu penanda tangan"),
        ("ditandatangani", {"on": "2026-01-01", "roles": "sekretaris"}, "pilihan"),
        ("ditandatangani", {"on": "2026-01-01", "roles": NOTA, "signer": "Sekretaris"}, "satu penanda tangan saja"),
    ],
)
def test_what_cannot_be_read_is_asked_for_again_and_nothing_is_recorded(at, cases, path, fields, sentence):
    answer = at("petugas").post(f"/dokumen/tanda/{path}/", papers=",".join(ids("nota_dinas")), **fields)
    assert answer.status_code == 422
    assert sentence in words(answer.text).lower()
    typed = [value for name, value in fields.items() if name != "roles"]
    assert all(f'value="{value}"' in answer.text for value in typed if value.isprintable() and value.strip())
    assert not PaperSigned.select().exists()
    assert not PaperFiled.select().exists()


def test_what_was_issued_later_cannot_have_been_signed_before(at, cases):
    answer = at("petugas").post(
        "/dokumen/tanda/ditandatangani/", papers=ids("nota_dinas")[0], on="2026-01-02", roles=NOTA
    )
    assert answer.status_code == 409
    assert "tidak boleh sebelum itu" in words(answer.text)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", ["kadis", "bidang.rehsos", "pengawas", "admin"])
def test_other_roles_may_not_mark_papers(at, cases, username):
    visitor, before = at(username), Event.select().count()
    assert visitor.post("/dokumen/tanda/ditandatangani/", papers=ids()[0], on="2026-10-06").status_code == 403
    assert visitor.post("/dokumen/tanda/disimpan/", papers=ids()[0], place="x").status_code == 403
    for name in ("signed", "filed", "unsigned"):
        assert visitor.post("/dokumen/action/", action=name, rowid=ids()[:1]).status_code in (403, 404)
    assert Event.select().count() == before


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("papers", ["", "0", "1,x", "99999", "1,99999999999", "'", "1," * 600])
def test_what_is_no_paper_is_not_there(at, cases, papers):
    answer = at("petugas").post("/dokumen/tanda/disimpan/", papers=papers, place="x")
    assert answer.status_code in (400, 404)


def test_a_foreign_secret_paper_is_not_there_and_not_counted(at, office, panel):
    [secret] = office.receive(category=SECRET)
    paper = Paper.get(Paper.complaint == secret, Paper.kind == "form_pengaduan")
    other = at("petugas2")
    assert other.post("/dokumen/tanda/disimpan/", papers=str(paper.id), place="x").status_code == 404
    assert "Dokumen belum ditandatangani 0" in other.text("/")
    assert "1 belum ditandatangani seluruhnya" in at("petugas").text("/")
    assert not PaperFiled.select().exists()


def test_the_card_on_the_start_page_leads_to_what_waits(at, cases):
    petugas = at("petugas")
    count = Paper.select().where(is_unsigned()).count()
    [link] = re.findall(r'href="([^"]+)"><span class="badge neutral">\d+ belum ditandatangani', petugas.get("/").text)
    assert link == UNSIGNED
    assert f"{count} dokumen ditemukan" in petugas.text(link)


@pytest.fixture
def plainly(monkeypatch):
    """A press that prints at once: a page with the paper's title and, of a list, its rows."""
    from reportlab.pdfgen.canvas import Canvas

    def pdf(content):
        out = io.BytesIO()
        canvas = Canvas(out)
        for place, row in enumerate([content["paper"], *content.get("rows", ())]):
            canvas.drawString(50, 700 - 12 * place, f"{row['title']} {row['number']}")
        canvas.save()
        return out.getvalue()

    monkeypatch.setattr(press._printer, "pdf", pdf)


@pytest.mark.only("sqlite")
def test_all_that_waits_comes_as_one_pdf_as_a_zip_and_as_a_covering_list(at, cases, plainly):
    petugas = at("petugas")
    waiting = list(Paper.select().where(is_unsigned()))
    assert f'action="{"/dokumen/menunggu-tanda-tangan/"}"' in petugas.get(UNSIGNED).text
    merged = petugas.post("/dokumen/menunggu-tanda-tangan/", do="merge", unduhan="tiket12")
    assert "unduhan=tiket12" in merged.headers["Set-Cookie"]
    reader = PdfReader(io.BytesIO(merged.data))
    titles = [item.title for item in reader.outline]
    assert len(titles) == len(reader.pages)
    assert {title for title in titles if "rangkap ke-" not in title} == {str(p) for p in waiting}
    zipped = petugas.post("/dokumen/menunggu-tanda-tangan/", do="zip")
    assert len(zipfile.ZipFile(io.BytesIO(zipped.data)).namelist()) == len(waiting)
    covering = petugas.post("/dokumen/menunggu-tanda-tangan/", do="cover").data
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(covering)).pages)
    petugas = User.get(username="petugas")
    brought = [paper for paper, signer in to_sign(waiting).items() if not signer.is_of([petugas])]
    assert brought
    assert all(paper.number in text for paper in brought)


def test_a_covering_list_names_only_what_is_signed_by_hand(at, cases, plainly):
    petugas, slips = at("petugas"), ids("tanda_terima")
    given = petugas.post("/dokumen/action/", action="cover", rowid=[*slips, *ids("nota_dinas")])
    text = PdfReader(io.BytesIO(given.data)).pages[0].extract_text()
    assert "Nota Dinas" in text
    assert "Tanda Terima" not in text
    assert petugas.post("/dokumen/action/", action="cover", rowid=slips).status_code == 303
    assert "Tidak ada yang kini dibawa untuk ditandatangani di antara dokumen yang dipilih" in petugas.text("/dokumen/")


def test_where_nothing_waits_a_sentence_says_so(at, cases):
    petugas = at("petugas")
    papers = ",".join(ids(*signed_by_hand()))
    petugas.post("/dokumen/tanda/ditandatangani/", papers=papers, on=today().isoformat(), roles=[*SIGNERS])
    assert petugas.post("/dokumen/menunggu-tanda-tangan/", do="merge").status_code == 303
    assert "Belum ada dokumen" in petugas.text("/dokumen/")
    assert petugas.post("/dokumen/menunggu-tanda-tangan/", do="burn").status_code == 400


@pytest.mark.only("sqlite")
def test_the_covering_list_of_a_secret_case_says_nothing_of_its_matter(at, office, panel, plainly, monkeypatch):
    printed = []
    printer = press._printer.pdf
    monkeypatch.setattr(press._printer, "pdf", lambda content: printed.append(content) or printer(content))
    Setting.create(key="number.nota_dinas", value="{klas}/{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    [secret] = office.receive(category=SECRET, title="Judul yang rahasia", story="Uraian yang rahasia")
    office.bring([secret], "dispose")
    office.do([secret], "dispose", unit=Division.get(code="PPA").id)
    office.bring([secret], CLOSED)
    assert at("kadis").post("/dokumen/menunggu-tanda-tangan/", do="cover").status_code == 200
    heads = {"name": office["bidang.ppa"].name, "title": "KEPALA UPT PPA", "unit": "UPT Perlindungan"}
    assert not [word for word in ("Judul", "Uraian", "Siti Maslikah", *heads.values()) if word in str(printed[-1])]
    assert (printed[-1]["closed"], printed[-1]["signers"][1]["name"]) == (True, "")
    assert {(row["register"], row["number"]) for row in printed[-1]["rows"]} == {
        (Complaint.get_by_id(secret).number, "Rahasia")
    }


@pytest.mark.only("sqlite")
def test_a_covering_list_says_for_each_signer_which_papers_wait(at, office, cases, plainly, monkeypatch):
    printed = []
    printer = press._printer.pdf
    monkeypatch.setattr(press._printer, "pdf", lambda content: printed.append(content) or printer(content))
    petugas, nota = at("petugas"), Paper.get(kind="nota_dinas")

    def brought_to(**chosen):
        printed.clear()
        petugas.post("/dokumen/menunggu-tanda-tangan/", do="cover", **chosen)
        return {content["signers"][1]["name"]: [row["number"] for row in content["rows"]] for content in printed}

    everybody = brought_to()
    head, kadis = "Bambang Hartono", office["kadis"].name
    assert (head, "KEPALA BIDANG REHABILITASI") in {
        (content["signers"][1]["name"], content["signers"][1]["title"]) for content in printed
    }
    assert nota.number in everybody[head]
    assert nota.number not in everybody[kadis]  # the head of the unit signs first
    assert "Siti Maslikah" not in everybody  # the pengadu signs at the counter
    marks.sign([nota], by=office["petugas"], on=today(), roles=["unit_head"])
    assert nota.number not in brought_to().get(head, [])
    assert set(brought_to(tunggu="menunggu-kepala_dinas")) == {kadis}
    assert nota.number in brought_to(tunggu="menunggu-kepala_dinas")[kadis]


def test_the_page_asks_whose_signatures_are_there_and_says_whose_are_missing(at, cases):
    petugas, [first, second] = at("petugas"), ids("nota_dinas")
    page = petugas.post("/dokumen/action/", action="signed", rowid=[first, second])
    assert re.findall(r'<input[^>]*checked[^>]*name="roles"[^>]*value="(\w+)"', page.text) == NOTA
    day = today().isoformat()
    petugas.post("/dokumen/tanda/ditandatangani/", papers=first, on=day, roles="unit_head")
    marks_page = words(petugas.post("/dokumen/action/", action="signed", rowid=[first, second]).text)
    assert "Kepala unit kerja: Bambang Hartono" in marks_page
    assert "Kepala Dinas: belum" in marks_page
    alone = petugas.post("/dokumen/action/", action="signed", rowid=[first])
    assert 'type="checkbox" name="roles"' not in alone.text  # one is left: nothing to choose
    assert "1 dari 2 tanda tangan" in petugas.text(UNSIGNED)
    assert "Belum: Kepala Dinas" in petugas.text(UNSIGNED)
    awaited = petugas.text("/dokumen/?flt4_4=menunggu-unit_head")
    assert "1 dokumen ditemukan" in awaited
    case = petugas.text(f"/pengaduan/details/?id={cases[0]}")
    assert "Kepala unit kerja: Bambang Hartono" in case
    petugas.post("/dokumen/tanda/ditandatangani/", papers=first, on=day)
    assert "1 dokumen ditemukan" in petugas.text("/dokumen/?flt4_4=sudah")


@pytest.mark.parametrize("mark", ["ditandatangani", "dicabut"])
def test_a_page_opened_before_another_marked_the_same_marks_nobody_else(at, office, cases, mark):
    """Two windows: each is about the head of the unit alone; the second must not reach the Kepala Dinas."""
    first, nota = ids("nota_dinas")[0], Paper.get(Paper.id == int(ids("nota_dinas")[0]))
    if mark == "dicabut":
        marks.sign([nota], by=office["petugas"], on=today())
    fields = {"papers": first, "roles": "unit_head"} | ({"on": today().isoformat()} if mark != "dicabut" else {})
    petugas = at("petugas")
    assert petugas.post(f"/dokumen/tanda/{mark}/", **fields).status_code == 303
    before = {role: bool(row) for role, row in marks.signatures_on([nota])[nota.id].items()}
    answer = at("petugas2").post(f"/dokumen/tanda/{mark}/", **fields)
    assert answer.status_code == 409
    assert "berubah sejak halamannya dibuka" in answer.text
    assert {role: bool(row) for role, row in marks.signatures_on([nota])[nota.id].items()} == before
    assert len(set(before.values())) == 2
