"""The recap for signature over HTTP: issued once by the Kepala Dinas, the same bytes whenever it is opened."""

from collections.abc import Callable

import pytest

from models.office.people import today
from models.reading.recap_paper import RecapPaper
from tests.admin.doors import Visitor
from tests.office import SECRET, Office
from tests.papers.reading import pages

At = Callable[[str], Visitor]
ISSUE = "/rekapitulasi/terbit/"


def month() -> dict[str, str]:
    return {"dari": today().replace(day=1).isoformat(), "sampai": today().isoformat()}


def test_the_kepala_dinas_issues_it_once_and_it_prints_the_same_ever_after(office: Office, at: At) -> None:
    office.receive(2, category=SECRET)
    kadis = at("kadis")
    assert "Terbitkan rekapitulasi" in kadis.get("/rekapitulasi/").text
    answer = kadis.post(ISSUE, **month())
    assert answer.status_code == 303
    kadis.post(ISSUE, **month())
    paper = RecapPaper.get()
    page = kadis.get(answer.headers["Location"]).text
    assert f"/rekapitulasi/terbit/{paper.id}.pdf" in page
    printed = kadis.get(f"/rekapitulasi/terbit/{paper.id}.pdf").data
    text = " ".join(" ".join(pages(printed)).split())
    assert paper.number.text in text.replace(" ", "")
    assert "KEPALA DINAS" in text
    assert "KDRT" not in text
    office.receive(3)
    assert at("petugas").get(f"/rekapitulasi/terbit/{paper.id}.pdf").data == printed


def test_a_range_that_was_issued_again_is_listed_with_the_place_of_each(office: Office, at: At) -> None:
    kadis = at("kadis")
    kadis.post(ISSUE, **month())
    assert "terbitan ke-" not in kadis.get("/rekapitulasi/").text
    office.receive(3)
    kadis.post(ISSUE, **month())
    kadis.post(ISSUE, dari="2025-01-01", sampai="2025-01-31")
    page = kadis.get("/rekapitulasi/").text
    assert page.index("terbitan ke-2 dari 2") < page.index("terbitan ke-1 dari 2")
    assert page.count("terbitan ke-") == 2
    assert "Sidik jari digital catatan terakhir" in page


@pytest.mark.parametrize("username", ["petugas", "bidang.ppa", "pengawas", "admin"])
def test_no_other_user_may(office: Office, at: At, username: str) -> None:
    visitor = at(username)
    assert visitor.post(ISSUE, **month()).status_code == 403
    assert "Terbitkan rekapitulasi" not in visitor.get("/rekapitulasi/").text
    assert RecapPaper.select().count() == 0


def test_what_is_no_range_is_refused_and_nothing_is_numbered(at: At) -> None:
    for fields in ({}, {"dari": "x", "sampai": "y"}, {"dari": "2199-01-01", "sampai": "2199-01-31"}):
        assert at("kadis").post(ISSUE, **fields).status_code == 422
    assert RecapPaper.select().count() == 0
    assert at("kadis").get("/rekapitulasi/terbit/7.pdf").status_code == 404
