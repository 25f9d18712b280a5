"""Due times recomputed by the same calendar are unchanged, whatever acts the cases have had."""

from datetime import timedelta

from models.complaint.complaint import Complaint, Run
from models.office.settings import LAW_CLASSES, Setting
from models.workflow import moves
from sop.vocabulary import CLOSED
from tests.office import MONDAY, Office

WHILE, DAY = timedelta(minutes=20), timedelta(days=1)


def put_on_hold(office: Office, case: int, *, resumed: bool) -> None:
    office.do([case], "hold", at=office.at + WHILE)
    if resumed:
        office.do([case], "resume", at=office.at + WHILE)


def reopened(office: Office, case: int) -> None:
    office.bring([case], CLOSED)
    office.do([case], "reopen")
    office.bring([case], "handle", at=office.at + DAY)


def test_cases_paused_or_reopened_twice_have_the_same_due_times_by_the_same_calendar(office: Office) -> None:
    for law_class in LAW_CLASSES:
        Setting.create(key=f"legal.{law_class}", value=21, valid_from=MONDAY.date())
    plain, resumed, waiting, third = office.receive(4, received_at=MONDAY - timedelta(days=5))
    for case in (plain, resumed, waiting, third):
        office.bring([case], "handle")
    put_on_hold(office, third, resumed=True)
    for _ in range(2):
        reopened(office, third)
    for case in (resumed, third):
        put_on_hold(office, case, resumed=True)
    put_on_hold(office, waiting, resumed=False)
    assert [Complaint.get_by_id(case).round for case in (plain, third)] == [1, 3]
    before = {run.id: run.due_at for run in Run.select()}
    assert moves.recompute(office.at) == 0
    assert {run.id: run.due_at for run in Run.select()} == before
