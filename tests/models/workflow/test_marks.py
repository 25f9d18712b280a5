"""Marks on printed papers: signed by hand, filed at a place; append-only rows with entries in the history."""

from datetime import timedelta

import pytest

from models.complaint import event
from models.complaint import paper as issuing
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import (
    Paper,
    PaperFiled,
    PaperSigned,
    PaperToSign,
    PaperVoid,
    content_of,
    is_signed,
    is_unsigned,
    signature_of_role,
    signed_by_hand,
)
from models.workflow import marks, workflow
from sop.vocabulary import CLOSED, vocabulary
from sop.words import day_of
from tests.office import MONDAY, Office

LATER = MONDAY + timedelta(days=1)


def waiting() -> set[int]:
    return {paper.id for paper in Paper.select().where(is_unsigned())}


def issued(office: Office, n: int = 1) -> list[Paper]:
    office.bring(office.receive(n), CLOSED)
    return list(Paper.select().order_by(Paper.id))


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_every_paper_waits_for_a_signature_except_side_papers(office: Office, kind: str) -> None:
    papers = issued(office)
    assert {p.id for p in papers if p.kind == kind} <= waiting() or vocabulary().papers[kind].side
    assert (kind in signed_by_hand()) == (not vocabulary().papers[kind].side)


def test_signed_papers_wait_no_more_each_with_its_own_signer(office: Office) -> None:
    papers = [p for p in issued(office) if p.kind in signed_by_hand()]
    assert marks.sign(papers, by=office["petugas"], on=LATER.date(), at=LATER) == {}
    assert waiting() == set()
    names: dict[int, dict[str, str]] = {}
    for row in PaperSigned.select():
        names.setdefault(row.paper_id, {})[row.role] = row.signer
    printed = marks.signer_names(papers)
    assert names == {number: {role: who for role, who in of.items() if role} for number, of in printed.items()}
    assert all(name for of_paper in names.values() for name in of_paper.values())


HANDS = [(kind, word) for kind, paper in vocabulary().papers.items() if not paper.side for word in paper.signers]


@pytest.mark.nightly(engine=["postgresql"])
@pytest.mark.parametrize(("kind", "role"), HANDS)
def test_a_paper_waits_until_each_that_signs_it_has_signed(office: Office, kind: str, role: str) -> None:
    papers = [p for p in issued(office) if p.kind == kind]
    others, who = set(vocabulary().papers[kind].signers) - {role}, office["petugas"]
    if others:
        assert marks.sign(papers, by=who, on=LATER.date(), roles=others, at=LATER) == {}
    for paper in papers:
        assert set(PaperToSign.select(PaperToSign.role).where(PaperToSign.paper == paper).tuples()) == {(role,)}
    assert {p.id for p in papers} == {
        p.id for p in Paper.select().where(is_unsigned(signature_of_role(role))) if p.kind == kind
    }
    assert not [
        p
        for other in others
        for p in Paper.select().where(is_unsigned(signature_of_role(other)) & (Paper.kind == kind))
    ]
    assert not Paper.select().where(is_signed() & (Paper.kind == kind))
    marks.sign(papers, by=who, on=LATER.date(), at=LATER)
    assert Paper.select().where(is_signed() & (Paper.kind == kind)).count() == len(papers)
    assert not {p.id for p in papers} & waiting()
    assert marks.unsign(papers, by=who, roles=[role], at=LATER) == {}
    assert {p.id for p in papers} <= {p.id for p in Paper.select().where(is_unsigned(signature_of_role(role)))}
    assert marks.roles_to_mark(papers, marks.SIGNED) == [role]


def test_a_complete_paper_and_one_without_the_picked_role_are_not_signed_again(office: Office) -> None:
    papers = {p.kind: p for p in issued(office)}
    nota, sheet = papers["nota_dinas"], papers["lembar_disposisi"]
    marks.sign([nota, sheet], by=office["petugas"], on=LATER.date(), roles=["kepala_dinas"], at=LATER)
    refused = marks.sign([nota, sheet], by=office["petugas"], on=LATER.date(), roles=["kepala_dinas"], at=LATER)
    assert refused == {nota.id: marks.DONE, sheet.id: marks.DONE}
    refused = marks.sign([nota, sheet], by=office["petugas"], on=LATER.date(), roles=["unit_head"], at=LATER)
    assert refused == {sheet.id: marks.OTHERS}
    assert PaperSigned.select().count() == 3


@pytest.mark.only("sqlite")
def test_a_later_signature_leaves_day_and_name_of_the_earlier_one(office: Office) -> None:
    [nota] = [p for p in issued(office) if p.kind == "nota_dinas"]
    first, *others = vocabulary().papers[nota.kind].signers
    for day, roles in ((LATER, [first]), (LATER + timedelta(days=1), None)):
        marks.sign([nota], by=office["petugas"], on=day.date(), roles=roles, signer=f"Hari {day.day}", at=day)
    stored = marks.signatures_on([nota])[nota.id]
    in_force = {role: (mark.signed_on, mark.signer) for role, mark in stored.items() if mark}
    after = LATER + timedelta(days=1)
    assert others
    assert in_force.pop(first) == (LATER.date(), f"Hari {LATER.day}")
    assert in_force == {role: (after.date(), f"Hari {after.day}") for role in others}


def test_an_earlier_paper_waits_for_one_signature_that_is_the_whole_papers(office: Office, monkeypatch) -> None:
    monkeypatch.setattr(issuing, "_write_signers", lambda *args: None)  # as it was before each signer had a row
    papers = [p for p in issued(office) if p.kind in signed_by_hand()]
    assert set(PaperToSign.select(PaperToSign.role).tuples()) == {("",)}
    assert marks.roles_to_mark(papers, marks.SIGNED) == [""]
    assert marks.sign(papers[:1], by=office["petugas"], on=LATER.date(), at=LATER) == {}
    [row] = PaperSigned.select()
    assert (row.role, row.signer) == (None, content_of(papers[0], event.open_seals([1])[1])["signer"]["name"])
    assert [p.id for p in Paper.select().where(is_signed())] == [papers[0].id]
    assert waiting() == {p.id for p in papers[1:]}
    marks.unsign(papers[:1], by=office["petugas"], at=LATER)
    assert waiting() == {p.id for p in papers}


def test_a_mark_can_be_removed_and_set_again_and_the_latest_counts(office: Office) -> None:
    [paper, *_] = issued(office)
    who = office["petugas"]
    marks.sign([paper], by=who, on=LATER.date(), at=LATER)
    assert marks.unsign([paper], by=who, at=LATER) == {}
    assert paper.id in waiting()
    assert marks.unsign([paper], by=who, at=LATER) == {paper.id: marks.NOT_YET}
    marks.sign([paper], by=who, on=LATER.date(), signer="Sekretaris", at=LATER)
    assert paper.id not in waiting()
    assert PaperSigned.select().count() == 3 * len(vocabulary().papers[paper.kind].signers)
    assert {mark and mark.signer for mark in marks.signatures_on([paper])[paper.id].values()} == {"Sekretaris"}


def test_a_paper_that_cannot_be_signed_is_refused_separately_with_its_sentence(office: Office) -> None:
    papers = {p.kind: p for p in issued(office)}
    form, along, nota = papers["form_pengaduan"], papers["tanda_terima"], papers["nota_dinas"]
    PaperVoid.create(paper=nota, reason="Salah", by=office["kadis"], at=office.at)
    refused = marks.sign([form, along, nota], by=office["petugas"], on=LATER.date(), at=LATER)
    assert refused == {along.id: marks.ALONG, nota.id: marks.VOID}
    assert {row.paper_id for row in PaperSigned.select()} == {form.id}


@pytest.mark.parametrize(("days", "word"), [(2, "masa depan"), (-1, "sebelum itu")])
def test_a_signature_is_not_dated_before_the_paper_or_in_the_future(office: Office, days: int, word: str) -> None:
    [paper, *_] = issued(office)
    on = day_of(paper.issued_at) + timedelta(days=days)
    refused = marks.sign([paper], by=office["petugas"], on=on, at=LATER)
    assert word in refused[paper.id]
    assert not PaperSigned.select().exists()


def test_marks_stand_in_the_history_and_leave_the_case_as_it_was(office: Office) -> None:
    papers = [p for p in issued(office) if p.kind in signed_by_hand()]
    before, state = dict(Complaint.select(Complaint.id, Complaint.version).tuples()), office.state(1)
    marks.sign(papers, by=office["petugas"], on=LATER.date(), at=LATER)
    marks.file(papers[:1], by=office["petugas"], place=" Rak 2 ", at=LATER)
    entries = list(Event.select().where(Event.act.in_(list(marks.LABELS))).order_by(Event.id))
    signers = sum(len(vocabulary().papers[paper.kind].signers) for paper in papers)
    assert [one.act for one in entries] == [marks.SIGNED] * signers + [marks.FILED]
    signed = event.bodies(entries, event.open_seals([1]))[entries[0].id]
    assert signed["blanks"]["Selaku"] == "Pengadu"
    assert dict(Complaint.select(Complaint.id, Complaint.version).tuples()) == before
    assert office.state(1) == state
    body = event.bodies(entries, event.open_seals([1]))[entries[-1].id]
    assert body["what"] == f"menyimpan {papers[0]}"
    assert body["blanks"] == {"Disimpan di": "Rak 2"}
    assert event.verify()[1] == ""


def test_the_latest_filing_place_counts(office: Office) -> None:
    [paper, *_] = issued(office)
    for place in ("Rak 1", "Rak 2"):
        marks.file([paper], by=office["petugas"], place=place, at=LATER)
    assert marks.filing_places_of([paper.id])[paper.id].place == "Rak 2"
    assert PaperFiled.select().count() == 2


def test_a_mark_makes_no_open_page_stale(office: Office) -> None:
    [case] = office.receive(until="raise")
    version = Complaint.get_by_id(case).version
    paper = Paper.get(Paper.kind == "form_pengaduan")
    assert marks.sign([paper], by=office["petugas2"], on=day_of(paper.issued_at), at=office.tick()) == {}  # same day
    assert PaperSigned.get().paper_id == paper.id
    outcome = workflow.advance(
        [case],
        "raise",
        by=office["petugas"],
        versions={case: version},
        at=office.tick(),
        blanks=office.blanks(case, "raise", office["petugas"]),
    )
    assert outcome.done == [case]


def test_the_queue_of_signatures_matches_the_papers_after_any_acts(office):
    """Issued, replaced by a revision, signed, unsigned, recalled, void: the rows follow."""
    [case, void] = office.receive(2)
    form = {("form_pengaduan", role) for role in vocabulary().papers["form_pengaduan"].signers}
    assert rows_to_sign() == lacking() == {(*one, of) for one in form for of in (case, void)}
    office.bring([case], "approve")
    papers = list(Paper.select().where(Paper.complaint == case))
    marks.sign(papers[:1], by=office["petugas"], on=office.at.date(), at=office.tick())
    assert rows_to_sign() == lacking()
    marks.unsign(papers[:1], by=office["petugas"], at=office.tick())
    office.do([case], "send_back")
    office.bring([case], "approve")
    office.do([void], "void")
    assert rows_to_sign() == lacking() != set()
    assert not [kind for kind, _, of in rows_to_sign() if of == void]


def rows_to_sign():
    return set(PaperToSign.select(Paper.kind, PaperToSign.role, Paper.complaint).join(Paper).tuples())


def lacking():
    """The same asked of every paper there is."""
    found = [p for p in Paper.select().order_by(Paper.id) if p.kind in signed_by_hand() and not is_void(p)]
    latest = {(p.kind, p.complaint_id, p.round): p for p in found}
    by_paper = marks.signatures_on(list(latest.values()))
    return {
        (p.kind, role, p.complaint_id) for p in latest.values() for role, mark in by_paper[p.id].items() if mark is None
    }


def is_void(paper):
    return PaperVoid.select().where(PaperVoid.paper == paper).exists()
