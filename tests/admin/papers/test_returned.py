"""/dokumen/kembali/: what is sent in is judged and listed to its sender; what came home is found beside its print."""

import io
from html import unescape
from typing import Any

import pytest
from pyhanko.sign import SimpleSigner

from admin.papers import returned
from admin.papers.returned import CHOOSE, EMPTY, MOST_FILES, OTHER_KIND
from models.complaint.accesslog import Seen
from models.complaint.paper import Paper
from models.complaint.returned import WAITING, PaperCopy, ReturnedFile, store_returned
from models.office.settings import ISSUERS, store_setting
from models.store.base import now
from papers.printing import press
from sop.vocabulary import CLOSED
from tests.admin.doors import Visitor
from tests.office import SECRET, Office
from tests.papers.signers import apart, pem_of, signed_in_turn, signer_named

PAGE = "/dokumen/kembali/"


@pytest.fixture(scope="module")
def signers() -> dict[str, SimpleSigner]:
    return {role: signer_named(f"Pejabat {role}") for role in ("unit_head", "kepala_dinas")}


@pytest.fixture
def paper(office: Office, signers: dict[str, SimpleSigner]) -> Paper:
    store_setting(ISSUERS, "".join(map(pem_of, signers.values())), office.at.date())
    office.bring(office.receive(), CLOSED)
    return Paper.get(kind="nota_dinas")


def signed(paper: Paper, signers: dict[str, SimpleSigner]) -> bytes:
    printed = press.pdf_of(paper.id)
    return bytes(apart(lambda: signed_in_turn(printed, signers)))


def send(visitor: Visitor, *files: bytes) -> Any:
    answer = visitor.post(PAGE, berkas=[(io.BytesIO(data), f"kembali-{n}.pdf") for n, data in enumerate(files)])
    returned.finish_judging()
    return answer


def test_signed_papers_are_sent_in_and_found_beside_their_prints(
    office: Office, at: Any, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    petugas, data = at("petugas"), signed(paper, signers)
    assert send(petugas, data, b"%PDF-1.4 surat lain").status_code == 303
    listed = unescape(petugas.get(PAGE).text)
    assert "Tersimpan" in listed
    assert "Tidak diterima" in listed
    assert f"{paper}: ditandatangani Kepala unit" in listed
    copy = PaperCopy.get()
    address = f"{PAGE}{copy.id}.pdf"
    assert petugas.get(address).data == data
    assert Seen.select().where(Seen.what == f"kembali {paper.kind}").exists()
    for page in (f"/pengaduan/details/?id={paper.complaint_id}", "/dokumen/"):
        text = petugas.get(page).text
        assert f'href="{address}">Nota Dinas' in text
        assert f'href="/dokumen/{paper.public_id}.pdf">Cetakan tanpa tanda tangan' in text


def test_each_file_is_listed_to_its_sender_alone(office: Office, at: Any) -> None:
    send(at("petugas"), b"%PDF-1.4 surat lain")
    assert "kembali-0.pdf" in at("petugas").get(PAGE).text
    assert "kembali-0.pdf" not in at("petugas2").get(PAGE).text


def test_the_file_of_a_rahasia_case_opens_to_its_readers_alone(
    office: Office, at: Any, signers: dict[str, SimpleSigner]
) -> None:
    store_setting(ISSUERS, "".join(map(pem_of, signers.values())), office.at.date())
    office.bring(office.receive(category=SECRET), CLOSED)
    send(at("petugas"), signed(Paper.get(kind="nota_dinas"), signers))
    address = f"{PAGE}{PaperCopy.get().id}.pdf"
    assert [at(who).get(address).status_code for who in ("petugas", "petugas2", "kadis")] == [200, 404, 200]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", EMPTY), (b"Yth. Kepala Dinas", OTHER_KIND), (b"%PDF-1.4 surat lain", "Bukan dokumen panel")],
)
def test_what_is_no_paper_of_the_panel_is_said_of_it_alone(at: Any, data: bytes, sentence: str) -> None:
    petugas = at("petugas")
    send(petugas, data)
    assert sentence in unescape(petugas.get(PAGE).text)
    assert not PaperCopy.select().exists()
    assert not ReturnedFile.get().path


def test_nothing_chosen_is_said(at: Any) -> None:
    answer = at("petugas").post(PAGE, berkas=(io.BytesIO(b""), ""))
    assert answer.status_code == 422
    assert CHOOSE in answer.text


def test_a_hundred_at_once_and_the_rest_is_named(at: Any) -> None:
    petugas = at("petugas")
    send(petugas, *[b"%PDF-1.4 surat"] * (MOST_FILES + 2))
    assert ReturnedFile.select().count() == MOST_FILES
    assert "2 berkas terakhir tidak diterima" in petugas.get(PAGE).text


def test_after_a_restart_what_waits_is_judged_once_asked(office: Office, at: Any) -> None:
    petugas = at("petugas")
    store_returned("a.pdf", b"%PDF-1.4 surat lain", by=office["petugas"], at=now())
    assert "Pemeriksaan terhenti" in petugas.get(PAGE).text
    assert petugas.post(f"{PAGE}lanjutkan/").status_code == 303
    returned.finish_judging()
    assert not ReturnedFile.select().where(ReturnedFile.state == WAITING).exists()
