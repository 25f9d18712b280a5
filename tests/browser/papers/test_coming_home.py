"""Papers are taken out by a list, signed, scanned as one stack and brought home by clicking: clicks and minutes."""

import io
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from models.case.issued_lists import IssuedList
from models.complaint.paper import Paper, is_signed, is_unsigned
from models.complaint.returned import PaperCopy
from models.complaint.taken import PaperOut
from models.office.people import today
from papers.printing import press
from tests.browser.served import Served
from tests.browser.window import NARROW, Desk

KINDS = ("lembar_disposisi", "nota_dinas")  # which the Petugas brings to others


def stack(papers: list[Paper]) -> bytes:
    """All their pages as a scanner gives them: askew, some upside down, one after the other in any order."""
    chance, sheets = random.Random(7), []
    for paper in papers:
        for page in PdfDocument(press.pdf_of(paper.id)):
            turned = chance.choice((0, 180)) + chance.uniform(-3, 3)
            sheets.append(page.render(scale=150 / 72).to_pil().convert("L").rotate(turned, fillcolor=255))
    chance.shuffle(sheets)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=150, quality=40)
    return out.getvalue()


@pytest.mark.nightly(count=[30])
@pytest.mark.parametrize("count", [3, 30])
def test_a_stack_goes_out_with_its_list_and_comes_home_signed(
    panel: Served,
    sit: Callable[[str], Desk],
    tmp_path: Path,
    count: int,
    record_property: Callable[[str, object], None],
) -> None:
    with panel.its_database():
        unsigned = Paper.select().where(Paper.kind.in_(KINDS), is_unsigned())
        plain = {str(paper.id) for paper in unsigned if paper.complaint.secrecy == "biasa"}
    desk, clicks, begun = sit("petugas"), 0, time.monotonic()
    desk.open("/dokumen/?page_size=200")
    ticks = {tick.get_attribute("value"): tick for tick in desk.page.locator("table.list input[name=rowid]").all()}
    ids = [int(value) for value in ticks if value in plain][:count]
    assert len(ids) == count
    for number in ids:
        ticks[str(number)].check()
        clicks += 1
    with desk.page.expect_download():
        desk.offered("Daftar Pengantar", within="form.bulk").click()
    clicks += 1
    with panel.its_database():
        assert IssuedList.select().exists()
        assert {row.paper_id for row in PaperOut.select()} == {*ids}
        papers = list(Paper.select().where(Paper.id.in_(ids)))
        (tmp_path / "tumpukan.pdf").write_bytes(stack(papers))
    desk.open("/dokumen/kembali/")
    desk.page.set_input_files("#berkas", tmp_path / "tumpukan.pdf")
    desk.press("Kirim berkas")
    desk.page.get_by_role("link", name="Cocokkan halamannya").wait_for()  # the page looks again by itself
    desk.follow("Cocokkan halamannya")
    assert desk.page.locator(".scans select option:checked").filter(has_text="Jangan simpan").count() == 0
    desk.page.locator("#ditandatangani-semua").check()
    desk.page.fill("#tanggal", today().isoformat())
    desk.press("Simpan pindaian")
    clicks += 6
    minutes = (time.monotonic() - begun) / 60
    record_property("clicks", clicks)
    record_property("minutes", round(minutes, 2))
    print(f"\n{count} papers: {clicks} clicks, {minutes:.2f} minutes")
    with panel.its_database():
        assert {copy.paper_id for copy in PaperCopy.select()} >= {*ids}
        home = Paper.select().where(Paper.id.in_(ids), is_signed())
        assert home.count() == count
        assert not PaperOut.select().exists()
    desk.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.open("/dokumen/perjalanan/")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
