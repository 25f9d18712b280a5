"""Forty complaints go through the rows together: ticked in the list, blanks typed once, one PDF of what was issued."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from models.office.lists import Category, Medium
from models.office.people import User
from models.store.base import database, now
from models.workflow import intake
from sop.flow import current_procedure
from tests.browser.served import Served
from tests.browser.window import Desk, read, squeezed
from tests.office import Office

FORTY, MARK = 40, "serempak"
LAST_BUTTONS = {step.label: step.last_button for step in current_procedure().main_line}
STEPS = (
    # who, button of the bar, state before, state after, blanks typed once, whether a paper comes out
    ("petugas", "Naikkan ke Kepala Dinas", "Menunggu dinaikkan", "Menunggu disposisi", {}, ""),
    ("kadis", "Disposisikan", "Menunggu disposisi", "Menunggu tindak lanjut", {}, "Lembar Disposisi"),
    (
        "bidang.rehsos",
        "Tindak lanjuti",
        "Menunggu tindak lanjut",
        "Menunggu Nota Dinas dinaikkan",
        {
            "facts": "Data penerima diperiksa pada Sistem Informasi Kesejahteraan Sosial.",
            "action": "Nama diusulkan kembali melalui musyawarah kelurahan.",
            "conclusion": "Terbukti",
            "conclusion_text": "Nama terhapus pada pemutakhiran data.",
            "answer": "Usulan Saudara sudah kami kirim.",
        },
        "Berkas Asesmen / Penelaahan Pengaduan",
    ),
    ("bidang.rehsos", "Naikkan Nota Dinas", "Menunggu Nota Dinas dinaikkan", "Menunggu persetujuan", {}, ""),
    ("kadis", "Setujui", "Menunggu persetujuan", "Menunggu penyampaian", {}, "Nota Dinas"),
    (
        "petugas",
        "Sampaikan hasil",
        "Menunggu penyampaian",
        "Selesai",
        {"medium": "WhatsApp", "outcome": "Diterima"},
        "Berita Acara Penyelesaian Penanganan Pengaduan",
    ),
)


@pytest.fixture(scope="module")
def forty(panel: Served) -> list[int]:
    """Forty complaints of one kind, received by the petugas."""
    with panel.its_database():
        petugas = User.get(username="petugas")
        data = {
            "medium": Medium.get(code="loket").id,
            "category": Category.get(code="bansos_tidak_terima").id,
            "title": f"Bantuan terhenti {MARK}",
        }
        ids = []
        for n in range(FORTY):
            changed = {**data, "story": f"Warga ke-{n + 1} tidak lagi menerima bantuan sejak pemutakhiran data."}
            outcome = intake.receive(
                by=petugas,
                data=changed,
                persons={"pengadu": {"name": f"Warga Nomor {n + 1}"}},
                opened_at=now() - timedelta(minutes=3),
            )
            assert not outcome.refused
            ids += outcome.done
    return ids


def brought(forty: list[int], label: str) -> None:
    """To where the act of this button begins; as far as they have been clicked already, nothing."""
    office = Office.at_work(Path(str(database.database)))
    office.bring(forty, next(step.key for step in current_procedure().main_line if step.label == label))


def ticked_forty(desk: Desk, state: str) -> None:
    """The list searched and filtered by its state, every row of the page ticked by the box in its head."""
    desk.follow("Pengaduan", within="nav")
    desk.page.locator("#cari").fill(MARK)
    desk.page.locator("form.find summary").click()
    desk.page.locator("form.find").get_by_label("Status", exact=True).select_option(label=state)
    desk.press("Terapkan")
    desk.page.locator("nav.sizes").get_by_role("link", name="50").click()
    desk.page.wait_for_url("**page_size=50**")
    assert desk.page.locator("input[name=rowid]").count() == FORTY
    desk.page.locator("[data-all]").check()
    assert desk.text("[data-count]") == "40 dipilih"


@pytest.mark.nightly(step=STEPS)  # by day the Kepala Dinas approves forty at the desk
@pytest.mark.parametrize("step", STEPS, ids=[s[1].lower().replace(" ", "_") for s in STEPS])
def test_forty_move_together_and_their_papers_come_as_one_pdf(
    desk: Desk, forty: list[int], step: tuple[str, str, str, str, dict[str, str], str]
) -> None:
    who, label, before, after, blanks, paper = step
    with desk.panel.its_database():
        brought(forty, label)
    desk.sign_in(who)
    ticked_forty(desk, before)
    desk.press(label, within="form.bulk")
    assert desk.text("h1") == f"{label} · {FORTY} pengaduan"
    desk.fill(**blanks)
    desk.press(f"{LAST_BUTTONS[label]} {FORTY}", within="form.sheet")
    assert desk.text("h1") == f"{label}: {FORTY} pengaduan selesai diproses"
    assert desk.page.locator("table.list .badge.good").count() == FORTY
    assert (f"{FORTY} dokumen baru terbit" in desk.text()) == bool(paper)
    if paper:
        read_together(desk, paper, blanks)
    desk.follow("PGD/", within="table.list")
    assert desk.text(".marks .badge") == after
    assert f"bersama {FORTY - 1} pengaduan lain" in desk.text("ol.trail")


def read_together(desk: Desk, title: str, blanks: dict[str, str]) -> None:
    """The forty papers just issued: one PDF with a bookmark for each copy, or a zip of forty files."""
    with desk.page.expect_download() as merged:
        desk.page.get_by_role("button", name="Gabungkan jadi satu PDF").click()
    pdf = merged.value.path().read_bytes()
    outline, text = PdfReader(io.BytesIO(pdf)).outline, read(pdf)
    second = [mark for mark in outline if str(mark["/Title"]).endswith("(rangkap ke-2)")]
    assert len(outline) - len(second) == FORTY
    assert len(second) == (FORTY if title.startswith("Berita Acara") else 0), "of two parties each has a copy"
    assert all(str(mark["/Title"]).startswith(title) for mark in outline), outline[0]
    assert all(squeezed(words) in text for words in blanks.values() if len(words) > len("WhatsApp"))
    desk.page.wait_for_function("!document.querySelector('form[data-download]').dataset.sent")
    with desk.page.expect_download() as zipped:
        desk.page.get_by_role("button", name="Unduh semua (zip)").click()
    names = zipfile.ZipFile(zipped.value.path()).namelist()
    assert len(set(names)) == FORTY
    assert all(re.fullmatch(r"[a-z-]+_[A-Za-z0-9.-]+\.pdf", name) for name in names), names[:3]
