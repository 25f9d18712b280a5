"""What waits for one's own signature: shown on the start page, with the way to exactly those papers."""

import html
import re

import pytest

from models.case.issued_lists import IssuedList
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of, is_unsigned
from models.complaint.scope import viewer, visible
from models.office.people import today
from models.reading import queue
from models.workflow import marks
from sop.signers import is_sent_to_signer
from sop.vocabulary import CLOSED
from tests.office import SECRET

TOLD = "Dokumen menunggu tanda tangan Anda"
LINK = re.compile(rf'href="([^"]+)">({TOLD}[^/]*)</')


@pytest.fixture
def cases(panel, office):
    ids = office.receive(3)
    office.bring(ids[:2], CLOSED)
    return ids


def papers_waiting(visitor):
    """How many papers the start page says that wait, and where it leads to them."""
    found = LINK.search(visitor.get("/").text)
    return (int(re.search(r"\d+", found[2])[0]), html.unescape(found[1])) if found else (0, "")


def naming(user):
    """The unsigned papers that the person may read and that name him."""
    papers = list(visible(user, Paper).where(is_unsigned()))
    seals, signed = open_seals({paper.complaint_id for paper in papers}), marks.signatures_on(papers)
    return [
        paper
        for paper in papers
        for signer in content_of(paper, seals[paper.complaint_id])["signers"]
        if signer["name"] == user.name and is_sent_to_signer(signer["role"]) and not signed[paper.id][signer["role"]]
    ]


@pytest.mark.parametrize("username", ["petugas", "kadis", "bidang.rehsos"])
def test_a_signer_sees_how_many_papers_wait_for_his_signature_and_is_led_to_them(at, cases, office, username):
    visitor, mine = at(username), naming(office[username])
    count, link = papers_waiting(visitor)
    assert count == len(mine) > 1
    page = visitor.text(link)
    assert f"{count} dokumen ditemukan" in page
    marks.sign(mine[1:], by=office["petugas"], on=today())
    assert papers_waiting(visitor) == (1, link)
    assert "1 dokumen ditemukan" in visitor.text(link)
    marks.sign(mine[:1], by=office["petugas"], on=today())
    assert papers_waiting(visitor) == (0, "")
    assert naming(office[username]) == []


def test_every_signature_of_the_office_is_counted_for_the_signer_that_the_paper_names(at, cases, office):
    waiting = {name: queue.own_papers_to_sign(viewer(user)) for name, user in office.people.items()}
    assert waiting == {name: len(naming(user)) for name, user in office.people.items()}
    assert {name for name, count in waiting.items() if count} == {"petugas", "kadis", "bidang.rehsos"}


def test_who_collects_signatures_does_not_see_papers_as_waiting_for_his_own(at, cases):
    assert "Dokumen belum ditandatangani" in at("petugas2").text("/")
    assert papers_waiting(at("petugas2")) == (0, "")


def test_there_is_no_covering_list_of_ones_own_and_the_page_offers_none(at, cases):
    kadis = at("kadis")
    count, link = papers_waiting(kadis)
    assert count
    assert "Semua yang menunggu tanda tangan Anda" in kadis.text(link)
    assert "Unduh Daftar Pengantar" not in kadis.text(link)
    assert kadis.post("/dokumen/menunggu-tanda-tangan/", do="cover", tunggu="menunggu-saya").status_code == 303
    assert not IssuedList.select().exists()
    assert "tanda tangan Anda sendiri" not in at("petugas2").text("/dokumen/")


def test_a_paper_that_is_read_no_longer_is_not_counted(at, office):
    [secret] = office.receive(category=SECRET)
    assert papers_waiting(at("petugas"))[0] == 1
    office.do([secret], "entrust", keeper=office["petugas2"].id)
    assert papers_waiting(at("petugas")) == (0, "")


def test_no_start_page_mentions_an_empty_pile(at, panel):
    assert not [name for name in ("petugas", "kadis", "bidang.rehsos") if TOLD in at(name).text("/")]
