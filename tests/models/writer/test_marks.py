"""Papers on the table: signed by hand, kept on a shelf; rows that only grow, entries in the history."""

from datetime import date, timedelta

import pytest

from models.tables import event
from models.tables.complaint import Complaint
from models.tables.event import Event
from models.tables.paper import (
    SIGNED_BY_HAND,
    Paper,
    PaperFiled,
    PaperSigned,
    PaperToSign,
    PaperVoid,
    is_unsigned,
)
from models.writer import marks, workflow
from sop import flow
from sop.words import day_of
from tests.office import MONDAY, Office

LATER = MONDAY + timedelta(days=1)


def waiting() -> set[int]:
    return {paper.id for paper in Paper.select().where(is_unsigned())}


def issued(office: Office, n: int = 1) -> list[Paper]:
    office.bring(office.receive(n), flow.CLOSED)
    return list(Paper.select().order_by(Paper.id))


@pytest.mark.parametrize("kind", flow.PAPERS)
def test_every_paper_waits_for_a_hand_but_what_goes_along_with_another(office: Office, kind: str) -> None:
    papers = issued(office)
    assert {p.id for p in papers if p.kind == kind} <= waiting() or flow.PAPERS[kind].side
    assert (kind in SIGNED_BY_HAND) == (not flow.PAPERS[kind].side)


def test_signed_papers_wait_no_more_each_by_its_own_signer(office: Office) -> None:
    papers = [p for p in issued(office) if p.kind in SIGNED_BY_HAND]
    assert marks.sign(papers, by=office["petugas"], on=LATER.date(), at=LATER) == {}
    assert waiting() == set()
    names = {row.paper_id: row.signer for row in PaperSigned.select()}
    assert names == marks.signers_of(papers)
    assert all(names.values())


def test_a_mark_can_be_taken_back_and_set_anew_and_the_latest_counts(office: Office) -> None:
    [paper, *_] = issued(office)
    who = office["petugas"]
    marks.sign([paper], by=who, on=LATER.date(), at=LATER)
    assert marks.unsign([paper], by=who, at=LATER) == {}
    assert paper.id in waiting()
    assert marks.unsign([paper], by=who, at=LATER) == {paper.id: marks.NOT_YET}
    marks.sign([paper], by=who, on=LATER.date(), signer="Sekretaris", at=LATER)
    assert paper.id not in waiting()
    assert PaperSigned.select().count() == 3
    assert marks.marks_on([paper.id])[0][paper.id].signer == "Sekretaris"


def test_what_cannot_be_signed_is_refused_alone_with_its_sentence(office: Office) -> None:
    papers = {p.kind: p for p in issued(office)}
    form, along, nota = papers["form_pengaduan"], papers["tanda_terima"], papers["nota_dinas"]
    PaperVoid.create(paper=nota, reason="Salah", by=office["kadis"], at=office.at)
    told = marks.sign([form, along, nota], by=office["petugas"], on=LATER.date(), at=LATER)
    assert told == {along.id: marks.ALONG, nota.id: marks.VOID}
    assert [row.paper_id for row in PaperSigned.select()] == [form.id]


@pytest.mark.parametrize(("days", "word"), [(2, "masa depan"), (-1, "sebelum itu")])
def test_nobody_signs_before_the_paper_was_there_or_in_the_future(office: Office, days: int, word: str) -> None:
    [paper, *_] = issued(office)
    on = day_of(paper.issued_at) + timedelta(days=days)
    told = marks.sign([paper], by=office["petugas"], on=on, at=LATER)
    assert word in told[paper.id]
    assert not PaperSigned.select().exists()


def test_marks_stand_in_the_history_and_leave_the_case_as_it_was(office: Office) -> None:
    papers = [p for p in issued(office) if p.kind in SIGNED_BY_HAND]
    before, state = dict(Complaint.select(Complaint.id, Complaint.version).tuples()), office.state(1)
    marks.sign(papers, by=office["petugas"], on=LATER.date(), at=LATER)
    marks.file(papers[:1], by=office["petugas"], place=" Rak 2 ", at=LATER)
    told = list(Event.select().where(Event.act.in_(list(marks.LABELS))).order_by(Event.id))
    assert [one.act for one in told] == [marks.SIGNED] * len(papers) + [marks.FILED]
    assert dict(Complaint.select(Complaint.id, Complaint.version).tuples()) == before
    assert office.state(1) == state
    body = event.bodies(told, event.open_seals([1]))[told[-1].id]
    assert body["what"] == f"menyimpan {papers[0]}"
    assert body["blanks"] == {"Disimpan di": "Rak 2"}
    assert event.verify()[1] == ""


def test_the_latest_shelf_counts(office: Office) -> None:
    [paper, *_] = issued(office)
    for place in ("Rak 1", "Rak 2"):
        marks.file([paper], by=office["petugas"], place=place, at=LATER)
    assert marks.marks_on([paper.id])[1][paper.id].place == "Rak 2"
    assert PaperFiled.select().count() == 2


def test_a_mark_makes_no_open_page_stale(office: Office) -> None:
    [case] = office.receive()
    version = Complaint.get_by_id(case).version
    paper = Paper.get(Paper.kind == "form_pengaduan")
    marks.sign([paper], by=office["petugas2"], on=date(2026, 10, 5), at=office.tick())
    outcome = workflow.advance(
        [case],
        "raise",
        by=office["petugas"],
        versions={case: version},
        at=office.tick(),
        **office.blanks(case, "raise", office["petugas"]),
    )
    assert outcome.done == [case]


def test_what_waits_for_a_hand_is_a_row_whatever_was_done_to_the_papers(office):
    """Issued, replaced by a revision, signed, unsigned, pulled back, void: the rows follow."""
    [case, void] = office.receive(2)
    assert rows_to_sign() == lacking() == {("form_pengaduan", case), ("form_pengaduan", void)}
    office.bring([case], "approve")
    papers = list(Paper.select().where(Paper.complaint == case))
    marks.sign(papers[:1], by=office["petugas"], on=office.at.date(), at=office.tick())
    assert rows_to_sign() == lacking()
    marks.unsign(papers[:1], by=office["petugas"], at=office.tick())
    office.do([case], "send_back")
    office.bring([case], "approve")
    office.do([void], "void")
    assert rows_to_sign() == lacking() != set()
    assert not [kind for kind, of in rows_to_sign() if of == void]


def rows_to_sign():
    return set(PaperToSign.select(Paper.kind, Paper.complaint).join(Paper).tuples())


def lacking():
    """The same asked of every paper there is."""
    found = [p for p in Paper.select().order_by(Paper.id) if p.kind in SIGNED_BY_HAND and not is_void(p)]
    latest = {(p.kind, p.complaint_id, p.round): p for p in found}
    signed, _ = marks.marks_on([p.id for p in latest.values()])
    return {(p.kind, p.complaint_id) for p in latest.values() if p.id not in signed}


def is_void(paper):
    return PaperVoid.select().where(PaperVoid.paper == paper).exists()
