"""/v/<code>: a stranger learns the same things of every paper, nothing of a person, a unit or a case."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from admin.door.gate import CHECKS_CODE
from admin.papers import verification
from admin.papers.verification import PADDED
from models.case import issued_lists
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.number import Number
from models.complaint.paper import Paper, PaperSigned, content_of, queue_for_signatures
from models.office.people import Division, User
from models.office.settings import ISSUERS, store_setting
from models.reading.period import Period
from models.reading.recap_paper import content_of_recap, issue
from models.store import statement_counters
from models.store.seal import SYMBOLS
from papers.printing import press
from sop.signers import SIGNERS
from sop.vocabulary import CLOSED, vocabulary
from sop.words import format_date
from tests.admin.doors import Visitor
from tests.office import SECRET, Office
from tests.papers.signers import apart, pem_of, signed_in_turn, signer_named
from tests.papers.signing.test_code_reading import page, photo

UNKNOWN = "7K3M9Q2X0VBT5R8WJZ4CN6HYAD"
PERSON = {"pengadu": {"name": "Siti Maslikah", "nik": "9912345678901234", "phone": "081234567890"}}


def code_of(paper: Paper) -> str:
    return str(content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])["code"]["text"])


def shown(answer: Any) -> str:
    """The words of the page's body."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2].partition("</main>")[0]).split())


def without_code(answer: Any) -> str:
    return re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{2,4}){6}\b", "…", shown(answer))


@pytest.fixture
def papers(office: Office) -> list[Paper]:
    """All papers of a case that is rahasia and of one that is not."""
    office.bring(office.receive(persons=PERSON, title="Istri ditampar di Klojen"), CLOSED)
    office.bring(office.receive(persons=PERSON, category=SECRET, title="Anak dipukul di Klojen"), CLOSED)
    return list(Paper.select().order_by(Paper.id))


def test_of_each_paper_it_tells_kind_number_date_signers_and_that_it_counts(
    stranger: Visitor, papers: list[Paper]
) -> None:
    for paper in papers:
        answer, kind = stranger.get(f"/v/{code_of(paper)}"), vocabulary().papers[paper.kind]
        number = Number.get(Number.complaint == paper.complaint_id, Number.text == paper.number)
        assert answer.status_code == 200
        words = shown(answer)
        assert f"Nomor urutan {number.place} tahun {number.year}" in words, paper.kind
        assert "Berlaku" in words
        assert kind.secret_only or f"Jenis {kind.title}" in words
        assert f"Terbit {format_date(paper.issued_at.date())}" in words
        assert words.count("belum tercatat menandatangani") == len({*kind.signers}) or kind.side


def test_a_signature_that_was_recorded_is_told_by_the_signer_s_title(
    office: Office, stranger: Visitor, papers: list[Paper]
) -> None:
    paper = next(paper for paper in papers if paper.kind == "nota_dinas")
    PaperSigned.create(
        paper=paper, role="kepala_dinas", signer="Rudi", signed_on=office.at.date(), by=office["petugas"], at=office.at
    )
    queue_for_signatures([paper.complaint_id])
    words = shown(stranger.get(f"/v/{code_of(paper)}"))
    assert "Kepala Dinas: sudah menandatangani" in words
    assert "Kepala unit kerja: belum tercatat menandatangani" in words
    assert "Rudi" not in words


def test_no_word_of_a_person_a_unit_or_the_case_is_told(stranger: Visitor, papers: list[Paper]) -> None:
    names = {user.name for user in User.select()} | {unit.name for unit in Division.select()}
    facts = {"Siti Maslikah", "9912345678901234", "081234567890", "Klojen", "ditampar", "dipukul", "rahasia", "Kutipan"}
    facts |= {case.category.name for case in Complaint.select()} | {case.number for case in Complaint.select()}
    for paper in papers:
        words = shown(stranger.get(f"/v/{code_of(paper)}"))
        assert [fact for fact in names | facts if fact.lower() in words.lower()] == [], paper.kind


def test_the_copy_of_a_rahasia_paper_answers_as_its_paper(stranger: Visitor, papers: list[Paper]) -> None:
    copies = [paper for paper in papers if vocabulary().papers[paper.kind].secret_only]
    assert copies
    for copy in copies:
        own = (Paper.complaint == copy.complaint_id) & (Paper.kind == "berita_acara")
        answers = [without_code(stranger.get(f"/v/{code_of(paper)}")) for paper in (copy, Paper.get(own))]
        assert answers[0] == answers[1]


def test_every_code_known_or_not_costs_as_many_statements_and_bytes(
    office: Office, stranger: Visitor, papers: list[Paper]
) -> None:
    day = office.at.date()
    recap = content_of_recap(issue(office["kadis"], Period(day, day), office.at, demo=False))["code"]["text"]
    stranger.get(f"/v/{UNKNOWN}")
    costs = set()
    for code in (*map(code_of, papers), recap, UNKNOWN, "0" * 26):
        before = statement_counters.statements()
        answer = stranger.get(f"/v/{code}")
        costs.add((statement_counters.statements() - before, len(answer.data), answer.status_code))
    assert len(costs) == 1, costs
    assert len(answer.data) == PADDED


def test_void_and_replaced_papers_say_so(office: Office, stranger: Visitor) -> None:
    [case] = office.receive()
    first = Paper.get(kind="form_pengaduan")
    office.do([case], "correct", new_value={"story": "Bantuan ayah saya berhenti.", "title": ""})
    later = Paper.select().where(Paper.kind == "form_pengaduan").order_by(Paper.id.desc()).first()
    assert later.id > first.id
    assert "Sudah diganti" in shown(stranger.get(f"/v/{code_of(first)}"))
    assert "Berlaku" in shown(stranger.get(f"/v/{code_of(later)}"))
    office.bring([case], "handle")
    office.do([case], "recall")
    assert "Batal" in shown(stranger.get(f"/v/{code_of(Paper.get(kind='lembar_disposisi'))}"))


def test_a_recap_tells_its_number_and_whether_a_later_one_was_issued(office: Office, stranger: Visitor) -> None:
    office.receive()
    day = office.at.date()
    first = issue(office["kadis"], Period(day, day), office.at, demo=False)
    code = content_of_recap(first)["code"]["text"]
    words = shown(stranger.get(f"/v/{code}"))
    assert "Jenis Rekapitulasi Penanganan Pengaduan Nomor urutan 1 tahun" in words
    assert "Berlaku" in words
    office.receive()
    issue(office["kadis"], Period(day, day), office.tick(), demo=False)
    assert "Sudah diganti" in shown(stranger.get(f"/v/{code}"))


def test_lists_and_what_is_printed_from_a_page_are_known_without_what_they_are_about(
    office: Office, at: Any, stranger: Visitor
) -> None:
    office.bring(office.receive(2), CLOSED)
    waiting = issued_lists.to_sign(Paper.select())
    [covering, *_] = issued_lists.issue_covering(waiting, by=office["petugas"], at=office.at, demo=False)
    words = shown(stranger.get(f"/v/{issued_lists.content_of_list(covering)['code']['text']}"))
    assert "Jenis Daftar Pengantar Nomor urutan 1 tahun" in words
    assert "tidak dicatat untuk jenis dokumen ini" in words


def test_a_code_is_read_however_it_is_typed_and_what_is_none_is_said(stranger: Visitor, papers: list[Paper]) -> None:
    code = code_of(papers[0])
    typed = " ".join((code[:10], code[10:])).lower().replace("0", "o").replace("1", "l")
    answer = stranger.client.get("/v/", query_string={"kode": typed}, follow_redirects=True)
    assert answer.request.path == f"/v/{code}"
    assert "Berlaku" in shown(answer)
    for wrong in ("abc", code[:-1], "U" * 26, "<script>"):
        answer = stranger.client.get("/v/", query_string={"kode": wrong})
        assert (answer.status_code, "26 huruf dan angka" in shown(answer)) == (422, True)
        assert "<script>" not in answer.text.partition("<main")[2]
    assert "Kode verifikasi" in shown(stranger.get("/v/"))


@pytest.mark.only("sqlite")
def test_whoever_guesses_is_told_to_wait_and_others_are_answered(panel: Flask, office: Office) -> None:
    guesser, other = Visitor(panel), Visitor(panel, REMOTE_ADDR="192.0.2.7")
    hits, refused = 0, 0
    for number in range(200):
        guess = "".join(SYMBOLS[(number * place * 7 + place) % 32] for place in range(26))
        answer = guesser.get(f"/v/{guess}")
        hits += "diterbitkan oleh panel" in answer.text
        refused += answer.status_code == 429
    assert (hits, refused) == (0, 200 - CHECKS_CODE.rate)
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert other.get(f"/v/{UNKNOWN}").status_code == 200


def test_reading_it_changes_nothing_and_keeps_nothing(office: Office, stranger: Visitor, papers: list[Paper]) -> None:
    before, printed = office.digest(), press.pdf_of(papers[0].id)
    for answer in (stranger.get(f"/v/{code_of(papers[0])}"), stranger.get(f"/v/{UNKNOWN}"), sent(stranger, printed)):
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
    assert office.digest() == before


def sent(stranger: Visitor, data: bytes) -> Any:
    return stranger.post("/v/berkas/", berkas=(io.BytesIO(data), "apa pun.pdf"))


@pytest.mark.only("sqlite")
def test_a_pdf_is_told_to_be_the_print_the_print_with_signatures_or_neither(
    office: Office, stranger: Visitor, papers: list[Paper]
) -> None:
    paper = next(paper for paper in papers if paper.kind == "nota_dinas")
    printed, signer = press.pdf_of(paper.id), signer_named("Kepala yang menandatangani")
    answer = shown(sent(stranger, printed))
    assert "Berkas ini sama dengan yang diterbitkan" in answer
    assert "Jenis Nota Dinas Nomor urutan" in answer
    signed = bytes(apart(lambda: signed_in_turn(printed, {"kepala_dinas": signer})))
    answer = shown(sent(stranger, signed))
    assert "Utuh, penerbit belum dikenal Kepala yang menandatangani" in answer
    store_setting(ISSUERS, pem_of(signer), office.at.date())
    answer = shown(sent(stranger, signed))
    assert "Isinya sama dengan yang diterbitkan, dengan tanda tangan elektronik" in answer
    assert "Sah Kepala yang menandatangani" in answer
    assert "tidak seperti yang diterbitkan" in shown(sent(stranger, signed + b"tambahan"))
    assert "bukan dokumen panel" in shown(sent(stranger, printed.replace(b"/Lang (id)", b"/Lang (en)", 1)))


def test_a_photograph_of_the_code_leads_to_its_answer(office: Office, stranger: Visitor, papers: list[Paper]) -> None:
    answer = sent(stranger, photo(page(code_of(papers[0]))))
    assert (answer.status_code, answer.location) == (303, f"/v/{code_of(papers[0])}")
    answer = sent(stranger, photo(page()))
    assert answer.status_code == 422
    assert "Tidak ada kode QR yang terbaca" in shown(answer)


OF_NO_USE = {
    "Pilih dahulu": b"",
    "bukan PDF dan bukan foto": b"GIF89a",
    "rusak": b"\xff\xd8\xff0",
    "lebih dari": b"%PDF-" + b"0" * 2_000,
}


@pytest.mark.parametrize(("words", "data"), OF_NO_USE.items(), ids=["none", "GIF", "broken", "large"])
def test_what_cannot_be_checked_is_said(
    stranger: Visitor, office: Office, monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    monkeypatch.setattr(verification, "MOST_BYTES", 1_000)
    answer = sent(stranger, data)
    assert answer.status_code == 422
    assert words in shown(answer)


def test_who_may_search_papers_is_led_to_them_and_nobody_else(at: Any, stranger: Visitor, papers: list[Paper]) -> None:
    code = code_of(papers[0])
    led = [
        visitor
        for visitor in ("petugas", "kadis", "admin")
        if "Cari pada Dokumen" in at(visitor).get(f"/v/{code}").text
    ]
    assert led == ["petugas", "kadis"]
    assert "Cari pada Dokumen" not in stranger.get(f"/v/{code}").text
    assert at("petugas").get("/dokumen/", query_string={"search": code}).status_code == 200


def test_every_kind_of_signer_has_a_title_for_strangers() -> None:
    assert {signer.known_as or signer.label for signer in SIGNERS.values()}.isdisjoint({"PIHAK KEDUA"})
