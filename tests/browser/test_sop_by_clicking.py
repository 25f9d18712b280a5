"""One complaint goes through the five rows of the SOP, clicked by four people, and its papers are read back."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.browser.window import Desk, fonts, read, squeezed

STORY = "Bantuan sosial tidak pernah kami terima sejak bulan Juli, padahal nama kami tercantum di kelurahan."
ASKS = "Bantuan disalurkan kembali."
FACTS = "Rekening penerima beku karena salah penulisan NIK pada berkas bank."
ACTION = "Pembetulan data diajukan kepada bank penyalur pada hari yang sama."
CONCLUSION = "Pengaduan terbukti; penyebabnya kesalahan data pada bank."
ANSWER = "Bantuan Ibu dicairkan paling lambat minggu depan melalui rekening yang sudah dibetulkan."
REMARK = "Laporkan pencairannya kepada saya setelah selesai."
PLACE = "Ruang pelayanan pengaduan"
PAPERS = {
    "Form Pengaduan": (STORY, ASKS, "Suharti Wijayaningrum"),
    "Tanda Terima Pengaduan": ("Suharti Wijayaningrum",),
    "Lembar Disposisi": ("Proses lebih lanjut",),
    "Berkas Asesmen / Penelaahan Pengaduan": (FACTS, ACTION, CONCLUSION),
    "Nota Dinas": (STORY, FACTS, CONCLUSION, ACTION, ANSWER, REMARK),
    "Berita Acara Penyelesaian Penanganan Pengaduan": (ANSWER, PLACE, "Suharti Wijayaningrum"),
}


def state(desk: Desk) -> str:
    return desk.text(".marks .badge")


def open_case(desk: Desk, number: str) -> None:
    """From the menu to the list, searched by the number, to the complaint's page."""
    desk.follow("Pengaduan", within="nav")
    desk.page.locator("#cari").fill(number)
    desk.page.locator("#cari").press("Enter")
    desk.follow(number, within="table.list")


def received(desk: Desk) -> str:
    """The petugas takes it down: only what must be there, some identity, and the category. The register number."""
    desk.sign_in("petugas").press("Catat pengaduan")
    desk.fill(medium="Datang langsung ke loket pengaduan", story=STORY, asks=ASKS)
    desk.fill(pengadu__name="Suharti Wijayaningrum", pengadu__phone="081234567890")
    desk.fill(category="Bantuan sosial (PKH/BPNT) tidak diterima atau terhenti")
    desk.press("Simpan")
    assert state(desk) == "Menunggu dinaikkan"
    return re.search(r"PGD/\d+/[IVX]+/\d{4}", desk.text(".lead"))[0]


def raised(desk: Desk) -> None:
    desk.press("Naikkan ke Kepala Dinas", within="main")
    assert desk.page.locator("select[name=unit] option:checked").inner_text().startswith("Bidang Rehabilitasi")
    desk.press("Naikkan ke Kepala Dinas", within="form.sheet")
    assert state(desk) == "Menunggu disposisi"


def disposed(desk: Desk, number: str) -> None:
    """The Kepala Dinas takes the petugas's suggestion as it is."""
    desk.sign_in("kadis")
    assert desk.text("h1") == "Meja Persetujuan"
    open_case(desk, number)
    desk.press("Disposisikan", within=".page-actions")
    desk.page.get_by_label("Proses lebih lanjut").check()
    desk.press("Disposisikan", within="form.sheet")
    assert state(desk) == "Menunggu tindak lanjut"


def handled(desk: Desk, number: str) -> None:
    """The unit saves a draft, comes back to it another day, finishes."""
    desk.sign_in("bidang.rehsos")
    open_case(desk, number)
    desk.press("Tindak lanjuti", within=".page-actions")
    assert "081234567890" in desk.text("#kontak")
    desk.fill(facts=FACTS)
    desk.press("Simpan konsep")
    assert "Konsep disimpan." in desk.text()
    desk.sign_in("bidang.rehsos")
    open_case(desk, number)
    desk.press("Tindak lanjuti", within=".page-actions")
    assert desk.value("facts") == FACTS
    desk.fill(action=ACTION, conclusion="Terbukti", conclusion_text=CONCLUSION, answer=ANSWER)
    desk.press("Selesaikan asesmen", within="form.sheet")
    assert state(desk) == "Menunggu Nota Dinas dinaikkan"


def submitted(desk: Desk) -> None:
    """Nothing is typed twice: the Nota Dinas has drafted itself from the assessment."""
    desk.press("Naikkan Nota Dinas", within=".page-actions")
    assert desk.value("findings") == FACTS
    assert desk.value("answer") == ANSWER
    desk.press("Naikkan Nota Dinas", within="form.sheet")
    assert state(desk) == "Menunggu persetujuan"


def seen_as_draft(desk: Desk) -> None:
    link = desk.page.locator("#dokumen li", has_text="KONSEP").get_by_role("link", name="Nota Dinas", exact=True)
    text = read(desk.fetch(link.get_attribute("href")).body())
    assert "KONSEP" in text
    assert squeezed(ANSWER) in text


def approved(desk: Desk, number: str) -> None:
    desk.sign_in("kadis")
    open_case(desk, number)
    seen_as_draft(desk)
    desk.press("Setujui", within=".page-actions")
    desk.page.get_by_text("Dengan catatan", exact=True).click()
    desk.fill(note=REMARK)
    desk.press("Setujui dengan catatan", within="main")
    assert state(desk) == "Menunggu penyampaian"


def delivered(desk: Desk, number: str) -> None:
    desk.sign_in("petugas")
    open_case(desk, number)
    desk.page.get_by_text("Tindakan lain").click()
    desk.press("Catat upaya penyampaian", within=".page-actions")
    desk.fill(medium="Tatap muka", outcome="Tersambung dengan pengadu")
    desk.press("Catat upaya penyampaian", within="form.sheet")
    desk.press("Sampaikan hasil", within=".page-actions")
    assert desk.value("told") == ANSWER
    desk.fill(medium="Tatap muka", place=PLACE, outcome="Diterima")
    desk.press("Sampaikan hasil", within="form.sheet")
    assert state(desk) == "Selesai"


@pytest.fixture(scope="module")
def done() -> dict[str, str]:
    """The number of the complaint that the first test finished."""
    return {}


def test_a_new_complaint_goes_through_the_five_rows_clicked_by_four_people(desk: Desk, done: dict[str, str]) -> None:
    done["number"] = number = received(desk)
    raised(desk)
    disposed(desk, number)
    handled(desk, number)
    submitted(desk)
    approved(desk, number)
    delivered(desk, number)
    trail = desk.text("ol.trail")
    for did in (
        "mencatat pengaduan",
        "menaikkan berkas kepada Kepala Dinas",
        "mendisposisikan pengaduan",
        "menindaklanjuti disposisi",
        "menaikkan Nota Dinas",
        "menyetujui Nota Dinas",
        "mencatat upaya penyampaian",
        "menyampaikan hasil penanganan",
    ):
        assert did in trail


def test_every_paper_of_the_finished_complaint_reads_back_with_its_number_names_and_typed_words(
    desk: Desk, done: dict[str, str]
) -> None:
    desk.sign_in("petugas")
    open_case(desk, done["number"])
    assert "KONSEP" not in desk.text("#dokumen")
    rows = desk.page.locator("#dokumen ul.papers li").all()
    links = {row.get_by_role("link").inner_text(): row for row in rows}
    assert set(links) == set(PAPERS)
    for title, row in links.items():
        answer = desk.fetch(row.get_by_role("link").get_attribute("href"))
        assert answer.headers["content-type"] == "application/pdf"
        pdf, own_number = answer.body(), row.locator(".muted").inner_text().split(" · ")[0]
        text = read(pdf)
        for words in (done["number"], own_number, *PAPERS[title]):
            assert squeezed(words).lower() in text.lower(), (title, words)  # within a sentence in small letters
        assert "KONSEP" not in text
        assert "DATACONTOH" in text
        assert all(embedded for _, embedded in fonts(pdf)), title
        most = 3 if title == "Form Pengaduan" else 2  # its receipt begins a sheet
        assert 1 <= len(PdfReader(io.BytesIO(pdf)).pages) <= most, title


def test_a_paper_fetched_twice_is_the_same_to_the_byte(desk: Desk, done: dict[str, str]) -> None:
    desk.sign_in("kadis")
    open_case(desk, done["number"])
    links = desk.page.locator("#dokumen a[href$='.pdf']").all()
    assert len(links) > 4
    for link in links:
        address = link.get_attribute("href")
        assert desk.fetch(address).body() == desk.fetch(address).body()


def test_the_history_stays_whole(desk: Desk) -> None:
    assert re.fullmatch(r"Riwayat utuh – [0-9.]+ catatan diperiksa", desk.panel.flask("verify"))
