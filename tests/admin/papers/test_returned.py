"""/dokumen/kembali/: what is sent in is judged and listed to its sender; what came home is found beside its print."""

import fcntl
import io
import os
from html import unescape
from typing import Any

import pytest
from PIL import Image
from pyhanko.sign import SimpleSigner
from pypdfium2 import PdfDocument

from admin.papers import returned
from admin.papers.returned import (
    CHOOSE,
    ELSEWHERE,
    EMPTY,
    EVERY,
    FAULT,
    MOST_FILES,
    NOTHING,
    OTHER_KIND,
    TICKED,
    UNDATED,
)
from models.complaint.accesslog import Seen
from models.complaint.event import open_seals
from models.complaint.paper import Paper, PaperVoid, content_of
from models.complaint.returned import (
    CONFIRM,
    HOME,
    REFUSED,
    SCANNED,
    WAITING,
    PaperCopy,
    ReturnedFile,
    ReturnedPage,
    pages_of,
    store_returned,
)
from models.office.people import Mandate, today
from models.office.settings import ISSUERS, store_setting
from models.store.base import now
from models.workflow import marks
from models.workflow.write import ConcurrentUpdate
from papers.printing import press
from papers.signing.returns import FOREIGN, REST_DROPPED, SCAN_KEPT, AssignedPages, keep_scans
from sop.vocabulary import CLOSED
from tests.admin.doors import Visitor
from tests.office import SECRET, Office
from tests.papers.signers import pem_of, signed_print, signers_of_nota

PAGE = "/dokumen/kembali/"


@pytest.fixture(scope="module")
def signers() -> dict[str, SimpleSigner]:
    return signers_of_nota()


@pytest.fixture
def paper(office: Office, signers: dict[str, SimpleSigner]) -> Paper:
    store_setting(ISSUERS, "".join(map(pem_of, signers.values())), office.at.date())
    office.bring(office.receive(), CLOSED)
    return Paper.get(kind="nota_dinas")


def send(visitor: Visitor, *files: bytes) -> Any:
    answer = visitor.post(PAGE, berkas=[(io.BytesIO(data), f"kembali-{n}.pdf") for n, data in enumerate(files)])
    returned.finish_judging()
    return answer


def test_signed_papers_are_sent_in_and_found_beside_their_prints(
    office: Office, at: Any, paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    petugas, data = at("petugas"), signed_print(paper, signers)
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
    send(at("petugas"), signed_print(Paper.get(kind="nota_dinas"), signers))
    address = f"{PAGE}{PaperCopy.get().id}.pdf"
    assert [at(who).get(address).status_code for who in ("petugas", "petugas2", "kadis")] == [200, 404, 200]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", EMPTY), (b"Yth. Kepala Dinas", OTHER_KIND), (b"%PDF-1.4 surat lain", "tidak dapat dibaca")],
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
    send(petugas, *[b"surat"] * (MOST_FILES + 2))
    assert ReturnedFile.select().count() == MOST_FILES
    assert "2 berkas terakhir tidak diterima" in petugas.get(PAGE).text


def test_after_a_restart_what_waits_is_judged_once_asked(office: Office, at: Any) -> None:
    petugas = at("petugas")
    store_returned("a.pdf", b"%PDF-1.4 surat lain", by=office["petugas"], at=now())
    assert "Pemeriksaan terhenti" in petugas.get(PAGE).text
    assert petugas.post(f"{PAGE}lanjutkan/").status_code == 303
    returned.finish_judging()
    assert not ReturnedFile.select().where(ReturnedFile.state == WAITING).exists()


def test_of_several_processes_that_serve_one_judges_at_a_time(
    office: Office, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("petugas")
    file = store_returned("a.pdf", b"%PDF-1.4 surat lain", by=office["petugas"], at=now())
    folder, tries = os.open(office.path.parent / "files", os.O_RDONLY), list[type[OSError] | None]()

    def judge(portion: list[ReturnedFile], **_: Any) -> None:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            tries.append(type(taken))
        for one in portion:
            one.settle(REFUSED, FAULT)

    monkeypatch.setattr(returned, "judge", judge)
    returned.begin_judging()
    returned.finish_judging()
    assert ReturnedFile.get_by_id(file.id).state == REFUSED
    assert tries == [BlockingIOError]
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # and leaves it to the next
    os.close(folder)


def scan_of(*papers: Paper, shuffled: bool = False) -> bytes:
    """All pages of these papers as a scanner gives them: one PDF of pictures."""
    pictures = [
        page.render(scale=150 / 72).to_pil().convert("L")
        for paper in papers
        for page in PdfDocument(press.pdf_of(paper.id))
    ]
    first, *others = reversed(pictures) if shuffled else pictures
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=150, quality=60)
    return out.getvalue()


def confirm(visitor: Visitor, **fields: str | list[str]) -> Any:
    return confirm_at(visitor, ReturnedFile.get(ReturnedFile.state == CONFIRM), **fields)


def proposed() -> dict[str, str]:
    return {f"dokumen-{page.id}": str(page.paper_id or "") for page in ReturnedPage.select()}


def test_a_scan_is_known_by_its_codes_confirmed_and_kept_beside_the_print(
    office: Office, at: Any, paper: Paper
) -> None:
    other = Paper.get(kind="lembar_disposisi")
    petugas = at("petugas")
    send(petugas, scan_of(paper, other, shuffled=True))
    assert {page.paper_id for page in ReturnedPage.select()} == {paper.id, other.id}
    page = petugas.get(f"{PAGE}{ReturnedFile.get().id}/").text
    assert str(paper) in unescape(page)
    assert petugas.get(f"{PAGE}halaman/{ReturnedPage.get().id}.jpg").data[:3] == b"\xff\xd8\xff"
    assert at("petugas2").get(f"{PAGE}halaman/{ReturnedPage.get().id}.jpg").status_code == 404
    answer = confirm(petugas, **proposed(), ditandatangani=[str(paper.id)], tanggal=today().isoformat())
    assert answer.status_code == 303
    kept = {copy.paper_id: copy for copy in PaperCopy.select()}
    assert set(kept) == {paper.id, other.id}
    assert [copy.kind for copy in kept.values()] == [SCANNED] * 2
    assert not ReturnedPage.select().exists()
    assert ReturnedFile.get().state == HOME
    assert all(marks.signatures_on([paper])[paper.id].values())
    assert not any(marks.signatures_on([other])[other.id].values())
    scan = petugas.get(f"{PAGE}{kept[paper.id].id}.pdf").data
    assert len(PdfDocument(scan)) == kept[paper.id].pages
    assert press.pdf_of(paper.id)


def test_a_page_without_a_code_is_matched_by_choice_or_by_its_typed_code(office: Office, at: Any, paper: Paper) -> None:
    petugas, blank = at("petugas"), io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(blank, "PNG")
    send(petugas, blank.getvalue())
    page = ReturnedPage.get()
    assert page.paper_id is None
    wrong = confirm(petugas, **{f"kode-{page.id}": "bukan kode"})
    assert wrong.status_code == 422
    assert "Halaman 1: " in unescape(wrong.text)
    assert "bukan kode" in wrong.text
    code = content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])["code"]["text"]
    assert confirm(petugas, **{f"kode-{page.id}": code}).status_code == 303
    assert PaperCopy.get().paper_id == paper.id


def test_what_is_chosen_wrongly_is_said_and_nothing_is_kept(office: Office, at: Any, paper: Paper) -> None:
    petugas = at("petugas")
    send(petugas, scan_of(paper))
    for fields, sentence in (
        ({}, NOTHING),
        ({**proposed(), "ditandatangani": [str(paper.id)], "tanggal": ""}, UNDATED),
        ({**proposed(), "ditandatangani": [str(paper.id)], "tanggal": "2999-01-01"}, UNDATED),
        ({**proposed(), "ditandatangani": [str(paper.id)], "tanggal": "2001-01-01"}, "tidak boleh sebelum itu"),
        ({**proposed(), "ditandatangani": ["999"], "tanggal": today().isoformat()}, TICKED),
    ):
        answer = confirm(petugas, **fields)
        assert answer.status_code == 422
        assert sentence in unescape(answer.text)
    assert not PaperCopy.select().exists()
    assert petugas.post(f"{PAGE}{ReturnedFile.get().id}/hapus/").status_code == 303
    assert not ReturnedPage.select().exists()


def test_a_scan_of_a_case_that_the_sender_may_not_open_is_like_a_foreign_one(office: Office, at: Any) -> None:
    office.bring(office.receive(category=SECRET), CLOSED)
    stranger = at("petugas2")
    send(stranger, scan_of(Paper.get(kind="nota_dinas")))
    assert {page.remark for page in ReturnedPage.select()} == {FOREIGN}
    assert not ReturnedPage.select().where(ReturnedPage.paper.is_null(False)).exists()


def test_the_same_scan_confirmed_in_two_windows_is_kept_once(office: Office, at: Any, paper: Paper) -> None:
    petugas = at("petugas")
    send(petugas, scan_of(paper))
    pages = list(ReturnedPage.select())
    both = [AssignedPages(paper, tuple(pages))]
    file = ReturnedFile.get()
    keep_scans(file, both, by=office["petugas"], at=now())
    with pytest.raises(ConcurrentUpdate):
        keep_scans(file, both, by=office["petugas"], at=now())
    assert PaperCopy.select().count() == 1
    for address in (f"{PAGE}{file.id}/", f"{PAGE}{file.id}/hapus/"):
        assert petugas.post(address).status_code == 303
        assert ELSEWHERE in unescape(petugas.get(PAGE).text)
    assert petugas.get(f"{PAGE}{file.id}/").status_code == 302
    assert at("petugas2").post(f"{PAGE}{file.id}/").status_code == 404


def test_the_same_scan_sent_twice_is_kept_once_and_pages_in_the_order_that_was_chosen(
    office: Office, at: Any, paper: Paper
) -> None:
    berita = Paper.get(kind="berita_acara")
    petugas = at("petugas")
    count = len(PdfDocument(press.pdf_of(berita.id)))
    assert count > 1
    send(petugas, scan_of(berita, shuffled=True))
    backwards = {f"urutan-{page.id}": str(count - n) for n, page in enumerate(pages_of(ReturnedFile.get()))}
    confirm(petugas, **proposed(), **backwards)
    send(petugas, scan_of(berita))
    confirm(petugas, **proposed())
    copy = PaperCopy.get()  # one: both have the same pages in the same order
    assert PaperCopy.select().count() == 1
    assert (copy.paper_id, copy.pages) == (berita.id, count)
    assert "sudah tersimpan" in unescape(petugas.get(PAGE).text)


def test_of_a_scan_in_parts_the_list_tells_what_was_kept_and_what_was_dropped(
    office: Office, at: Any, paper: Paper
) -> None:
    other, petugas = Paper.get(kind="lembar_disposisi"), at("petugas")
    send(petugas, scan_of(paper, other))
    chosen = {name: value if value == str(paper.id) else "" for name, value in proposed().items()}
    confirm(petugas, **chosen)
    file = ReturnedFile.get()
    assert file.state == CONFIRM
    assert "Belum dicocokkan: 1 halaman" in file.sentence
    petugas.post(f"{PAGE}{file.id}/hapus/")
    file = ReturnedFile.get()
    assert (file.state, file.sentence) == (
        HOME,
        f"{SCAN_KEPT.format(paper=paper, count=PaperCopy.get().pages)} {REST_DROPPED}",
    )
    assert f"{PAGE}{PaperCopy.get().id}.pdf" in petugas.get(PAGE).text


def test_all_papers_of_a_scan_are_marked_by_one_tick(office: Office, at: Any, paper: Paper) -> None:
    petugas, other = at("petugas"), Paper.get(kind="lembar_disposisi")
    send(petugas, scan_of(paper, other))
    assert "Semua dokumen pada pindaian ini" in petugas.get(f"{PAGE}{ReturnedFile.get().id}/").text
    answer = confirm(petugas, **proposed(), ditandatangani=[EVERY], tanggal="")
    assert answer.status_code == 422
    assert UNDATED in unescape(answer.text)
    confirm(petugas, **proposed(), ditandatangani=[EVERY], tanggal=today().isoformat())
    signatures = marks.signatures_on([paper, other])
    assert all(all(of_paper.values()) for of_paper in signatures.values())


def test_who_may_not_mark_papers_keeps_the_scan_without_a_mark(office: Office, at: Any, paper: Paper) -> None:
    head = at("bidang.rehsos")
    send(head, scan_of(paper))
    assert "Semua penanda tangan" not in head.get(f"{PAGE}{ReturnedFile.get().id}/").text
    confirm(head, **proposed(), ditandatangani=[str(paper.id)], tanggal=today().isoformat())
    assert PaperCopy.get().paper_id == paper.id
    assert not any(marks.signatures_on([paper])[paper.id].values())


def test_a_paper_that_became_void_or_was_not_offered_gets_no_scan(office: Office, at: Any, paper: Paper) -> None:
    petugas, other = at("petugas"), Paper.get(kind="lembar_disposisi")
    send(petugas, scan_of(paper))
    page = ReturnedPage.get()
    assert confirm(petugas, **{f"dokumen-{page.id}": str(other.id)}).status_code == 422
    PaperVoid.create(paper=paper, reason="Ditarik: salah ketik", by=office["petugas"], at=office.at)
    answer = confirm(petugas, **proposed())
    assert answer.status_code == 422
    assert "sudah batal" in unescape(answer.text)
    assert not PaperCopy.select().exists()


def test_what_came_home_opens_to_who_may_read_the_paper(office: Office, at: Any, paper: Paper) -> None:
    send(at("petugas"), scan_of(paper))
    confirm(at("petugas"), **proposed())
    Mandate.create(number="700/1", user=office["pengawas"], valid_from=office.at.date())
    answer = at("pengawas").get(f"{PAGE}{PaperCopy.get().id}.pdf")
    assert answer.status_code == 200
    assert "pindaian-nota-dinas" in answer.headers["Content-Disposition"]
    assert at("pengawas").get(PAGE).status_code == 403


def test_a_picture_that_cannot_be_drawn_is_refused_at_once(at: Any) -> None:
    bomb, petugas = io.BytesIO(), at("petugas")
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    send(petugas, bomb.getvalue())
    assert ReturnedFile.get().state == REFUSED
    assert not ReturnedPage.select().exists()


def test_a_file_that_cannot_be_judged_is_named_alone(
    office: Office, at: Any, paper: Paper, signers: dict[str, SimpleSigner], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = returned.judge

    def stumbling(files: Any, **how: Any) -> None:
        if any(file.name == "kembali-0.pdf" for file in files):
            raise RuntimeError
        judge(files, **how)

    monkeypatch.setattr(returned, "judge", stumbling)
    petugas = at("petugas")
    send(petugas, b"%PDF-1.4 surat", signed_print(paper, signers))
    assert [(file.name, file.state) for file in ReturnedFile.select().order_by(ReturnedFile.id)] == [
        ("kembali-0.pdf", REFUSED),
        ("kembali-1.pdf", HOME),
    ]
    assert FAULT in unescape(petugas.get(PAGE).text)


def confirm_at(visitor: Visitor, file: ReturnedFile, **fields: str) -> Any:
    return visitor.post(f"{PAGE}{file.id}/", **fields)
