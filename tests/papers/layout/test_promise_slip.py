"""The Slip Janji stands on half a sheet; where promises are long, one at least goes along to the signature's page."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from models.reading.promises import MOST_ON_A_SLIP, SLIP, SLIP_TITLE
from papers.printing.render import pdf
from tests.papers.contents import OFFICER, content
from tests.papers.reading import pages, words

LONGEST = "Kunjungan rumah oleh petugas bersama pendamping untuk memeriksa data kependudukan, ".ljust(160, "x")[:160]


def slip(count: int, what: str) -> dict[str, Any]:
    receipt = content("tanda_terima")
    shared = {name: receipt[name] for name in ("format", "sop", "office", "demo")}
    rows = [{"day": f"2026-12-{day:02}T00:00:00+07:00", "what": what} for day in range(1, count + 1)]
    paper = {**receipt["paper"], "key": SLIP, "title": SLIP_TITLE, "number": ""}
    return {
        **shared,
        "paper": paper,
        "register": "PGD/12/XI/2026",
        "kept_back": False,
        "printer": OFFICER,
        "rows": rows,
    }


@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_slip_of_ordinary_promises_stands_on_half_a_sheet(count: int) -> None:
    [page] = PdfReader(io.BytesIO(pdf(slip(count, "Kunjungan rumah oleh petugas")))).pages
    assert (round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) == (215, 165)


@pytest.mark.parametrize("count", range(1, MOST_ON_A_SLIP + 1))
def test_a_promise_goes_along_to_the_page_of_the_signature(count: int) -> None:
    sheets = [words(page) for page in pages(pdf(slip(count, LONGEST)))]
    [signed] = [sheet for sheet in sheets if words(OFFICER["name"]) in sheet]
    assert words("Kunjungan rumah oleh petugas bersama") in signed
    assert sum(sheet.count(words("Kunjungan rumah oleh petugas bersama")) for sheet in sheets) == count
