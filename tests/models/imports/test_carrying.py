"""What a later file says is answered ends the case of before, and taking that file back opens it again."""

from dataclasses import replace
from datetime import datetime

import pytest

from models.complaint.complaint import ANSWERED, UNANSWERED, UNDATED, Complaint, Run
from models.complaint.event import Event, bodies, open_seals
from models.complaint.paper import Paper
from models.complaint.scope import viewer
from models.imports import publishing, stage
from models.imports.batches import ANSWERED_BEFORE, CARRIED, CLOSED, WHEN_RAISED, WORKED_ON, ImportRow
from models.imports.columns import LAPOR
from models.imports.reviewing import RowChoice, decide
from models.imports.sorting import begin_undoing, undo
from models.reading import registerbook
from models.workflow.proof import verified
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import IMPORT_CHANGED, OUTSIDE

FIRST, LATER = datetime(2026, 11, 20, 9, 0, tzinfo=WIB), datetime(2026, 11, 24, 9, 0, tzinfo=WIB)
DESK = replace(
    LAPOR,
    head="id",
    columns={
        "reference": ("id",),
        "day": ("masuk",),
        "answered": ("jawab",),
        "story": ("isi",),
        "office": ("instansi",),
    },
)
HEADS = "id;masuk;jawab;isi;instansi"
OURS = "1;2026-11-02 08:30;{};Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.;"
THEIRS = "2;2026-11-03 10:00;{};Lampu jalan di depan rumah kami mati sejak sepekan.;Dinas Perhubungan"
IN_WORK = "3;2026-11-04 11:00;{};Ada lansia telantar di dekat balai desa tanpa keluarga.;"
ANSWER = "2026-11-21 14:00"


@pytest.fixture(autouse=True)
def desk(monkeypatch):
    """The file's form, known by LAPOR's key."""
    monkeypatch.setitem(__import__("models.imports.columns", fromlist=["FORMS"]).FORMS, LAPOR.key, DESK)


def taken_in(office, answers, at, *lines):
    rows = [line.format(answer) for line, answer in zip(lines or (OURS, THEIRS, IN_WORK), answers, strict=True)]
    batch = stage.stage("\n".join([HEADS, *rows]).encode(), "meja.csv", DESK, "WIB", viewer(office["petugas"]), at)
    return batch


def published(office, batch, at):
    assert not publishing.begin(batch, by=office["petugas"], at=at, numbering=WHEN_RAISED)
    publishing.publish(batch.id)
    return [Complaint.get(Complaint.medium_ref == ticket) for ticket in ("1", "2", "3")]


def standing(c):
    return (c.state, c.elsewhere, c.closed_at)


def verdicts(batch):
    return [row.verdict for row in ImportRow.select().where(ImportRow.batch == batch).order_by(ImportRow.line)]


def test_an_answer_in_a_later_file_closes_a_case_that_was_not_worked_on(office):
    ours, theirs, worked_on = published(office, taken_in(office, ("", "", ""), FIRST), FIRST)
    assert standing(ours) == (current_procedure().first, "", None)
    assert standing(theirs)[:2] == ("forwarded", UNANSWERED)
    assert theirs.legal_due_at is None
    office.at = FIRST
    office.bring([worked_on.id], "dispose")
    batch = taken_in(office, (ANSWER,) * 3, LATER)
    assert verdicts(batch)[:2] == [CLOSED, CLOSED]
    decide(batch, RowChoice(CLOSED), "close")
    before = Paper.select().count()
    now_ours, now_theirs, now_worked_on = published(office, batch, LATER)
    at = datetime(2026, 11, 21, 14, 0, tzinfo=WIB)
    assert standing(now_ours) == (*{OUTSIDE}, ANSWERED, at)
    assert (now_ours.legal_due_at, now_ours.row_due_at, now_ours.row_late) == (None, None, False)
    assert not Run.select().where(Run.complaint == now_ours).exists()
    assert standing(now_theirs) == ("forwarded", ANSWERED, at)
    assert now_worked_on.state == "dispose"
    assert Paper.select().count() == before
    [entry] = [e for e in Event.select() if e.complaint_id == ours.id and e.act == IMPORT_CHANGED]
    body = bodies([entry], open_seals([ours.id]))[entry.id]
    assert "mencatat jawaban dari berkas" in body["what"]
    assert verified()[1] == []
    assert registerbook.verify() == ""
    assert not begin_undoing(batch, by=office["petugas"], at=LATER)
    undo(batch.id)
    back_ours, back_theirs = (Complaint.get_by_id(c.id) for c in (ours, theirs))
    assert standing(back_ours) == standing(ours)
    assert (back_ours.legal_due_at, back_ours.answer_due_at) == (ours.legal_due_at, ours.answer_due_at)
    assert back_ours.row_due_at is not None
    assert standing(back_theirs) == standing(theirs)
    assert verified()[1] == []


def test_a_case_that_was_worked_on_is_not_closed_by_a_file_and_the_report_says_so(office):
    [worked_on] = published(office, taken_in(office, ("", "", ""), FIRST), FIRST)[2:]
    batch = taken_in(office, (ANSWER,) * 3, LATER)
    assert verdicts(batch) == [CLOSED] * 3
    office.at = LATER
    office.bring([worked_on.id], "dispose")
    published(office, batch, LATER)
    whys = [row.why for row in ImportRow.select().where(ImportRow.batch == batch).order_by(ImportRow.line)]
    assert whys == [CARRIED, CARRIED, WORKED_ON]
    assert Complaint.get_by_id(worked_on.id).state == "dispose"


def test_an_unreadable_date_of_an_answer_counts_as_an_answer_without_a_date(office):
    before = ("2026-10-01", "besok lusa", "2027-01-01")
    cases = published(office, taken_in(office, before, LATER), LATER)
    assert [c.elsewhere for c in cases] == [UNDATED, UNANSWERED, UNDATED]
    assert [c.state for c in cases] == [*{OUTSIDE}, "forwarded", *{OUTSIDE}]
    again = taken_in(office, (ANSWER, ANSWER, ANSWER), LATER)
    assert verdicts(again) == [CLOSED] * 3
    dated = published(office, again, LATER)
    assert [c.elsewhere for c in dated] == [ANSWERED] * 3
    assert not begin_undoing(again, by=office["petugas"], at=LATER)
    undo(again.id)
    assert [Complaint.get_by_id(c.id).elsewhere for c in cases] == [UNDATED, UNANSWERED, UNDATED]


def test_answers_that_were_taken_back_come_in_again(office):
    ours, *_ = published(office, taken_in(office, ("", "", ""), FIRST), FIRST)
    first = taken_in(office, (ANSWER,) * 3, LATER)
    published(office, first, LATER)
    assert not begin_undoing(first, by=office["petugas"], at=LATER)
    undo(first.id)
    again = taken_in(office, (ANSWER,) * 3, LATER)
    assert verdicts(again) == [CLOSED] * 3
    assert standing(published(office, again, LATER)[0])[0] == OUTSIDE
    assert ours.state == current_procedure().first


def test_what_was_voided_meanwhile_is_answered_by_no_file(office):
    batch = taken_in(office, ("", "", ""), FIRST)
    published(office, batch, FIRST)
    later = taken_in(office, (ANSWER,) * 3, LATER)
    assert not begin_undoing(batch, by=office["petugas"], at=LATER)
    undo(batch.id)
    cases = published(office, later, LATER)
    assert {(c.state, c.elsewhere) for c in cases} == {("voided", ""), ("voided", UNANSWERED)}
    assert not begin_undoing(later, by=office["petugas"], at=LATER)
    undo(later.id)
    assert {c.state for c in cases} == {"voided"}
    assert verified()[1] == []


def test_an_answer_that_a_second_file_dated_stands_when_the_first_is_taken_back(office):
    published(office, taken_in(office, ("", "", ""), FIRST), FIRST)
    undated = taken_in(office, ("2026-10-01",) * 3, LATER)
    published(office, undated, LATER)
    dated = taken_in(office, (ANSWER,) * 3, LATER)
    ours, *_ = published(office, dated, LATER)
    assert not begin_undoing(undated, by=office["petugas"], at=LATER)
    undo(undated.id)
    assert standing(Complaint.get_by_id(ours.id)) == standing(ours)
    assert not begin_undoing(dated, by=office["petugas"], at=LATER)
    undo(dated.id)
    left = Complaint.get_by_id(ours.id)
    assert (left.state == OUTSIDE, left.elsewhere) == (True, UNDATED)
    assert verified()[1] == []


def test_two_files_with_the_same_answers_do_not_count_as_work_of_the_office(office):
    published(office, taken_in(office, ("", "", ""), FIRST), FIRST)
    one, other = (taken_in(office, (ANSWER,) * 3, LATER) for _ in range(2))
    published(office, one, LATER)
    published(office, other, LATER)
    whys = {row.why for row in ImportRow.select().where(ImportRow.batch == other)}
    assert whys == {ANSWERED_BEFORE}
