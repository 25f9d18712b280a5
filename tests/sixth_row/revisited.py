"""Runs in the copy with the second sixth row: its blanks stand everywhere in the order of its form, and in words."""

import io
from collections.abc import Callable, Iterable

import pytest
from pypdf import PdfReader

from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment, Paper
from models.records.registry import RECORDS
from sop.procedure import ROWS
from sop.vocabulary import CLOSED
from tests.admin.conftest import at, every_pool_is_closed, panel  # noqa: F401 - fixtures of the panel
from tests.admin.doors import Visitor
from tests.admin.papers.test_attachments import chosen, picture, supplemented
from tests.office import Office

SIXTH = ROWS[-1].transitions[-1]
TYPED = {
    "visited": "2027-02-27",
    "present": "4",
    "state_of_things": "Keluarga masih mengontrak.",
    "aid": "sebagian",
}
WORDS = ["27 Februari 2027", "4", "Keluarga masih mengontrak.", "Sebagian"]
LABELS = [str(blank.verbose_name) for blank in RECORDS[SIXTH.record].blanks()]
At = Callable[[str], Visitor]


@pytest.fixture
def revisited(office: Office, at: At) -> int:  # noqa: F811
    """A complaint that the unit called on again, with a photograph."""
    [case] = office.receive()
    office.bring([case], SIXTH.key)
    sent = supplemented(at("bidang.rehsos"), case, chosen(("rumah.jpg", picture())), SIXTH.key, **TYPED)
    assert sent.status_code == 303, sent.text
    return case


def in_order(words: Iterable[str], text: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_its_blanks_are_not_in_alphabetical_order() -> None:
    assert list(TYPED) == [blank.name for blank in RECORDS[SIXTH.record].blanks()] != sorted(TYPED)


def test_the_form_asks_in_the_order_of_the_record_and_takes_a_file(office: Office, at: At) -> None:  # noqa: F811
    [case] = office.receive()
    office.bring([case], SIXTH.key)
    page = at("bidang.rehsos").get(f"/pengaduan/langkah/{SIXTH.key}/?id={case}").text
    assert in_order((f'name="{name}"' for name in TYPED), page)
    assert 'type="file"' in page


def test_it_closes_the_complaint_and_keeps_the_file(revisited: int) -> None:
    assert Complaint.get_by_id(revisited).state == CLOSED
    assert [(a.name, a.act) for a in Attachment.select()] == [("rumah.jpg", SIXTH.key)]


def test_paper_page_and_record_show_the_blanks_in_that_order_and_in_words(revisited: int, at: At) -> None:  # noqa: F811
    unit, paper = at("bidang.rehsos"), Paper.get(Paper.kind == SIXTH.papers[0].key)
    answer = unit.get(f"/dokumen/{paper.public_id}.pdf")
    assert answer.status_code == 200
    printed = " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.data)).pages).split())
    pairs = list(zip(LABELS, WORDS, strict=True))
    assert in_order((f"{label} : {word}" for label, word in pairs), printed), printed
    page = unit.text(f"/kunjungan-kembali/details/?id={RECORDS[SIXTH.record].get().id}")
    assert in_order((f"{label} {word}" for label, word in pairs), page), page
