"""A file that is sent in becomes the signed file of its paper, with its signers marked, or is refused with a reason."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pyhanko.sign import SimpleSigner
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from models.case.case import load
from models.complaint.event import Event, bodies, open_seals
from models.complaint.paper import Paper, PaperVoid, is_signed
from models.complaint.returned import (
    HOME,
    REFUSED,
    RETENTION,
    PaperCopy,
    ReturnedFile,
    copy_bytes,
    delete_expired_returns,
    returned_copies_of,
    returned_files,
    signatures_in,
    store_returned,
    waiting_files,
)
from models.office.settings import ISSUERS, store_setting
from models.operations import stored_files
from models.operations.duties import save_and_alert
from models.reading.casefile import CaseFile
from models.store import files, seal
from models.store.base import now
from models.workflow import marks
from models.workflow.proof import verified
from papers.printing import press
from papers.printing.casefile import case_file_pdf
from papers.signing.reading import REWRITTEN
from papers.signing.returns import SEVERAL, UNKNOWN, judge
from sop.vocabulary import CLOSED
from tests.office import SECRET, Office
from tests.papers.signers import apart, pem_of, signed_in_turn, signed_print, signer_named, signers_of_nota

pytestmark = pytest.mark.only("sqlite")  # files are read alike whatever lies beneath; the door is shown on both


@pytest.fixture(scope="module")
def signers() -> dict[str, SimpleSigner]:
    return signers_of_nota()


@pytest.fixture
def paper(office: Office, signers: dict[str, SimpleSigner]) -> Paper:
    """A Nota Dinas, in an office that trusts these signers."""
    store_setting(ISSUERS, "".join(map(pem_of, signers.values())), office.at.date())
    office.bring(office.receive(), CLOSED)
    return Paper.get(kind="nota_dinas")


def sent(office: Office, data: bytes, by: str = "petugas", name: str = "kembali.pdf") -> ReturnedFile:
    file = store_returned(name, data, by=office[by], at=now())  # the certificates are of today
    judge([file], at=now())
    return ReturnedFile.get_by_id(file.id)


def other_pdf(text: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, text)
    canvas.save()
    return out.getvalue()


def words_of(paper: Paper, act: str) -> list[dict[str, Any]]:
    entries = list(Event.select().where(Event.complaint == paper.complaint_id, Event.act == act).order_by(Event.id))
    return list(event_bodies(entries))


def event_bodies(entries: list[Event]) -> list[dict[str, Any]]:
    by_id = bodies(entries, open_seals({entry.complaint_id for entry in entries}))
    return [by_id[entry.id] for entry in entries]


def test_it_is_stored_beside_the_print_and_both_signers_are_marked(
    office: Office, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    data = signed_print(paper, signers)
    file = sent(office, data)
    assert file.state == HOME, file.sentence
    [copy] = returned_copies_of([paper.id])[paper.id]
    case = open_seals([paper.complaint_id])[paper.complaint_id]
    assert copy_bytes(copy, case) == data
    assert [one["role"] for one in signatures_in(copy, case)] == list(signers)
    assert copy.signatures == 2
    assert press.pdf_of(paper.id) == data[: len(press.pdf_of(paper.id))]  # the print stays
    assert Paper.select().where(Paper.id == paper.id, is_signed()).exists()
    names = [mark and mark.signer for mark in marks.signatures_on([paper])[paper.id].values()]
    assert names == ["Pejabat unit_head", "Pejabat kepala_dinas"]
    assert "ditandatangani Kepala unit" in file.sentence
    assert words_of(paper, marks.CAME_SIGNED)[0]["what"].startswith("menyimpan berkas bertanda tangan elektronik")
    assert len(words_of(paper, marks.SIGNED)) == 2


def test_what_was_sent_in_is_gone_once_it_is_stored_or_refused(
    office: Office, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    before = set(stored_files.referenced_paths())
    for data in (signed_print(paper, signers), b"%PDF-1.4 bukan dokumen panel"):
        waiting = store_returned("a.pdf", data, by=office["petugas"], at=office.at)
        path = waiting.path
        assert files.is_there(path)
        assert waiting_files(most_bytes=1) == [waiting]
        judge([waiting], at=office.at)
        assert not files.is_there(path)
        assert not waiting_files(most_bytes=1)
    assert len(set(stored_files.referenced_paths()) - before) == 2  # the print and the signed file
    assert stored_files.file_faults(office.path.parent / "files") == []


def test_every_copy_counts_as_proof(office: Office, paper: Paper, signers: dict[str, SimpleSigner]) -> None:
    sent(office, signed_print(paper, signers))
    assert verified()[1] == []
    assert PaperCopy.proves()


@pytest.mark.parametrize("secrecy", ["biasa", "rahasia"])
def test_who_may_not_open_the_paper_learns_no_more_than_of_a_foreign_file(
    office: Office, signers: dict[str, SimpleSigner], secrecy: str
) -> None:
    more = {"category": SECRET} if secrecy == "rahasia" else {}
    office.bring(office.receive(**more), CLOSED)
    reader = "petugas2" if secrecy == "rahasia" else "admin"
    paper = Paper.get(kind="nota_dinas")
    foreign = sent(office, other_pdf("Surat lain"), by=reader)
    file = sent(office, signed_print(paper, signers), by=reader)
    assert (file.state, file.sentence, file.paper_id) == (foreign.state, foreign.sentence, foreign.paper_id)
    assert file.sentence == UNKNOWN
    assert not PaperCopy.select().exists()


def test_each_that_is_not_stored_says_why(office: Office, paper: Paper, signers: dict[str, SimpleSigner]) -> None:
    printed = press.pdf_of(paper.id)
    first = signed_print(paper, {"unit_head": signers["unit_head"]})
    both = bytes(apart(lambda: signed_in_turn(first, {"kepala_dinas": signers["kepala_dinas"]})))
    assert "belum ada tanda tangan" in sent(office, printed).sentence
    assert sent(office, both).state == HOME
    for data, words in ((both, "sudah tersimpan"), (first, "yang sesudahnya"), (both + b"\n% lagi", "isi tambahan")):
        file = sent(office, data)
        assert (file.state, words in file.sentence) == (REFUSED, True), file.sentence
        assert str(paper) in file.sentence
    assert PaperCopy.select().count() == 1


def test_one_signer_after_the_other_each_is_marked_and_the_file_with_both_is_used(
    office: Office, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    first = signed_print(paper, {"unit_head": signers["unit_head"]})
    assert sent(office, first).state == HOME
    assert [bool(mark) for mark in marks.signatures_on([paper])[paper.id].values()] == [True, False]
    both = bytes(apart(lambda: signed_in_turn(first, {"kepala_dinas": signers["kepala_dinas"]})))
    assert sent(office, both).state == HOME
    assert all(marks.signatures_on([paper])[paper.id].values())
    assert [copy.signatures for copy in returned_copies_of([paper.id])[paper.id]] == [2, 1]


def test_the_zip_holds_the_signed_file_and_what_is_merged_says_that_it_is_a_copy(
    office: Office, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    data, other = signed_print(paper, signers), Paper.get(kind="lembar_disposisi")
    assert sent(office, data).state == HOME
    zipped = zipfile.ZipFile(io.BytesIO(b"".join(press.zip_of([paper, other]))))
    assert [zipped.read(name) == data for name in zipped.namelist()] == [True, False]
    merged = press.merged_pdf([paper, other], by=office["petugas"], demo=False)
    case = load([paper.complaint_id], office["petugas"], now())[paper.complaint_id]
    berkas = case_file_pdf(CaseFile.of(case))
    for pdf in (merged, berkas):
        texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
        copies = [text for text in texts if press.COPIED in text]
        assert copies
        assert all("NOTA DINAS" in text or "Nota Dinas" in text for text in copies)
        assert all("Kepala Dinas" in text.partition(press.COPIED)[2] for text in copies)
        assert not PdfReader(io.BytesIO(pdf)).get_fields()


def test_a_paper_that_another_program_wrote_anew_is_told_and_kept_once_it_is_signed(
    office: Office, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    def anew(change: Callable[[PdfWriter], object] = lambda writer: None) -> bytes:
        writer, out = PdfWriter(clone_from=io.BytesIO(press.pdf_of(paper.id))), io.BytesIO()
        change(writer)
        writer.write(out)
        return out.getvalue()

    file = sent(office, anew())
    assert file.sentence == f"{paper}: {REWRITTEN}; belum ada tanda tangan elektronik di dalamnya."
    assert "halaman" in sent(office, anew(lambda writer: writer.add_blank_page())).sentence
    file = sent(office, bytes(apart(lambda: signed_in_turn(anew(), signers))))
    assert (file.state, REWRITTEN.capitalize() in file.sentence) == (HOME, True), file.sentence
    assert Paper.select().where(Paper.id == paper.id, is_signed()).exists()


def test_a_pdf_of_several_papers_is_told_to_be_sent_one_by_one(office: Office, paper: Paper) -> None:
    merged = press.merged_pdf([paper, Paper.get(kind="lembar_disposisi")], by=office["petugas"], demo=False)
    assert sent(office, merged).sentence == SEVERAL


def test_a_void_paper_is_not_stored(office: Office, paper: Paper, signers: dict[str, SimpleSigner]) -> None:
    data = signed_print(paper, signers)
    PaperVoid.create(paper=paper, reason="Ditarik: salah ketik", by=office["petugas"], at=office.at)
    assert "sudah batal" in sent(office, data).sentence
    assert not PaperCopy.select().exists()


def test_who_signed_with_a_certificate_that_nobody_trusts_is_not_marked(
    office: Office, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    stranger = signer_named("Orang lain")
    file = sent(office, signed_print(paper, {"unit_head": signers["unit_head"], "kepala_dinas": stranger}))
    assert file.state == HOME
    signatures = marks.signatures_on([paper])[paper.id]
    assert [bool(mark) for mark in signatures.values()] == [True, False]
    alone = sent(office, signed_print(paper, {"kepala_dinas": stranger}))
    assert "penerbit sertifikat Orang lain belum dipercaya" in alone.sentence


def test_after_seven_days_what_was_sent_in_is_no_longer_listed_nor_there(office: Office) -> None:
    waiting = store_returned("a.pdf", b"%PDF-1.4", by=office["petugas"], at=office.at)
    path, later = waiting.path, office.at + RETENTION
    assert list(returned_files(office["petugas"], office.at)) == [waiting]
    assert not list(returned_files(office["petugas"], later))
    assert delete_expired_returns(later) == 1
    assert not files.is_there(path)
    assert not ReturnedFile.select().exists()


def test_the_hourly_check_deletes_what_expired_though_nobody_sends_anything(office: Office) -> None:
    path = store_returned("a.pdf", b"%PDF-1.4", by=office["petugas"], at=office.at).path
    save_and_alert({}, office.at + RETENTION - timedelta(minutes=1))
    assert files.is_there(path)
    save_and_alert({}, office.at + RETENTION)
    assert not files.is_there(path)
    assert not ReturnedFile.select().exists()


def test_what_was_sent_in_is_sealed(office: Office) -> None:
    waiting = store_returned("NIK 9912345678901234.pdf", b"%PDF-1.4 rahasia", by=office["petugas"], at=office.at)
    stored = (office.path.parent / "files" / waiting.path).read_bytes()
    assert b"rahasia" not in stored
    assert "9912345678901234" not in waiting.name
    assert seal.ring().open_case(waiting.public_id, waiting.wrapped)
