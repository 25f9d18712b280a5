"""A Daftar Pengantar records to whom each paper was brought; a paper is out until that signature is marked."""

import pytest

from models.case.issued_lists import IssuedList, content_of_list, issue_covering, to_sign
from models.complaint.paper import Paper
from models.complaint.taken import PaperOut, PaperTaken, is_out
from models.workflow import marks
from models.workflow.proof import prove_existing_rows, verified
from sop.vocabulary import CLOSED
from tests.models.behind import unguarded
from tests.office import SECRET, Office


@pytest.fixture
def papers(office: Office) -> list[Paper]:
    """All papers of a case and a rahasia one that went their whole way."""
    for case in [*office.receive(), *office.receive(category=SECRET)]:
        office.bring([case], CLOSED)
    prove_existing_rows()
    return list(Paper.select().order_by(Paper.id))


def cover(office: Office, papers: list[Paper], by: str = "petugas") -> list[IssuedList]:
    return issue_covering(to_sign(papers), by=office[by], at=office.at, demo=False)


def out() -> set[tuple[int, str]]:
    return set(PaperOut.select(PaperOut.paper, PaperOut.role).where(is_out()).tuples())


def test_each_list_records_its_papers_with_role_and_person_of_the_signer(office: Office, papers: list[Paper]) -> None:
    waiting = to_sign(papers)
    lists = cover(office, papers)
    assert len(lists) > 3
    for covering in lists:
        taken = list(PaperTaken.select().where(PaperTaken.number == covering.number).order_by(PaperTaken.id))
        rows = content_of_list(covering)["rows"]
        assert [Paper.get_by_id(row.paper_id).complaint_id for row in taken] == [row["case"] for row in rows]
        for row in taken:
            signer = waiting[row.paper]
            assert (row.role, row.person_id, row.at) == (signer.role, signer.person, covering.issued_at)
    assert {row.paper_id for row in PaperTaken.select()} == {
        paper.id for paper, signer in waiting.items() if not signer.is_of([office["petugas"]])
    }
    assert verified()[1] == []


def test_a_list_that_is_issued_again_unchanged_records_nothing_and_one_of_the_next_day_does(
    office: Office, papers: list[Paper]
) -> None:
    first = cover(office, papers)
    taken, since = PaperTaken.select().count(), {(row.paper_id, row.role): row.at for row in PaperOut.select()}
    office.tick()
    assert cover(office, papers) == first
    assert PaperTaken.select().count() == taken
    office.tick(office.at.replace(day=office.at.day + 1))
    assert not {*cover(office, papers)} & {*first}
    assert PaperTaken.select().count() == 2 * taken
    assert {(row.paper_id, row.role): row.at for row in PaperOut.select()} == since


def test_a_paper_is_out_until_the_signature_is_marked_and_again_once_the_mark_is_removed(
    office: Office, papers: list[Paper]
) -> None:
    note = next(paper for paper in papers if paper.kind == "nota_dinas")
    cover(office, [note])
    assert out() == {(note.id, "unit_head")}
    marks.sign([note], by=office["petugas"], on=office.at.date(), roles=["unit_head"], at=office.tick())
    assert out() == set()
    assert not PaperOut.select().exists()
    cover(office, [note])
    assert out() == {(note.id, "kepala_dinas")}
    marks.unsign([note], by=office["petugas"], roles=["unit_head"], at=office.tick())
    assert out() == {(note.id, "unit_head"), (note.id, "kepala_dinas")}
    marks.sign([note], by=office["petugas"], on=office.at.date(), at=office.tick())
    assert not PaperOut.select().exists()
    assert verified()[1] == []


def test_a_void_paper_is_not_out_and_its_successor_only_once_it_was_taken(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    sheet = Paper.get(kind="lembar_disposisi")
    cover(office, [sheet])
    assert {paper for paper, _ in out()} == {sheet.id}
    office.do([case], "recall")
    assert not PaperOut.select().exists()
    office.do([case], "dispose")
    assert out() == set()
    later = Paper.select().where(Paper.kind == "lembar_disposisi").order_by(Paper.id.desc()).get()
    cover(office, [later])
    assert {paper for paper, _ in out()} == {later.id} != {sheet.id}


def test_a_paper_that_a_later_one_replaced_is_not_out(office: Office) -> None:
    [case] = office.receive()
    form = Paper.get(kind="form_pengaduan")
    cover(office, [form], by="petugas2")
    assert {paper for paper, _ in out()} == {form.id}
    office.do([case], "correct", title="Bantuan beras terhenti")
    later = Paper.select().where(Paper.kind == "form_pengaduan").order_by(Paper.id.desc()).get()
    assert later != form
    assert out() == set()


def test_a_record_that_is_changed_behind_the_panel_is_noticed(office: Office, papers: list[Paper]) -> None:
    cover(office, papers)
    with unguarded(office.path) as raw:
        raw.execute("UPDATE paper_taken SET role = ? WHERE role = ?", ("kepala_dinas", "unit_head"))
    assert PaperTaken.proof in str(verified()[1])
