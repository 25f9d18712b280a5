"""A stranger checks a paper by clicking, at the sign-in page: each answer is as every page should be."""

from pathlib import Path

from playwright.sync_api import Browser

from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from papers.printing import press
from tests.browser.looks.looked import Looker
from tests.browser.served import Served
from tests.browser.window import Desk
from tests.papers.signers import apart, signed_in_turn, signer_named
from tests.papers.signing.test_code_reading import page, photo


def test_a_code_and_a_signed_pdf_are_checked_from_the_sign_in_page(panel: Served, desk: Desk, tmp_path: Path) -> None:
    with panel.its_database():
        paper = Paper.select().where(Paper.kind == "nota_dinas").order_by(Paper.id.desc()).first()
        code = content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])["code"]["text"]
        printed = press.pdf_of(paper.id)
    looker = Looker(desk)
    desk.open("/masuk")
    desk.follow("Periksa keaslian dokumen")
    assert looker.here()[0] == []
    for typed, words in ((code.lower(), "diterbitkan oleh panel"), (code[::-1], "tidak dikenal"), ("abc", "26 huruf")):
        desk.page.fill("#kode", typed)
        desk.press("Periksa kode")
        assert words in desk.text()
        assert looker.here()[0] == []
    (tmp_path / "foto.jpg").write_bytes(photo(page(code)))
    desk.page.set_input_files("#foto", tmp_path / "foto.jpg")
    desk.press("Periksa foto")
    assert desk.page.url == f"{panel.address}/v/{code}"
    signed = apart(lambda: signed_in_turn(printed, {"kepala_dinas": signer_named("Kepala Dinas Contoh")}))
    for data, words in (
        (printed, "sama dengan yang diterbitkan"),
        (signed, "Kepala Dinas Contoh"),
        (signed + b"x", "tidak seperti yang diterbitkan"),
        (printed[:-9], "bukan dokumen panel"),
    ):
        (tmp_path / "diterima.pdf").write_bytes(data)
        desk.page.set_input_files("#pdf", tmp_path / "diterima.pdf")
        desk.press("Periksa berkas")
        assert words in desk.text()
        assert looker.here()[0] == []


def test_it_works_without_script_on_a_phone(panel: Served, chromium: Browser) -> None:
    with chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640}) as context:
        one = Desk.opened(panel, context)
        one.open("/v/")
        one.page.fill("#kode", "7K3M 9Q2X 0VBT 5R8W JZ4C N6HY AD")
        one.press("Periksa kode")
        assert "tidak dikenal" in one.text()
