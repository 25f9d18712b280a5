"""A pause asks until when: a working day to come, proposed by the table and gone with the pause."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models.case.blanks import reasons
from models.complaint.complaint import Complaint
from models.office.calendar import clock
from models.records.detours import LONGEST_PAUSE
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.procedure import DETOURS
from sop.vocabulary import PAUSED, vocabulary
from sop.words import format_date, in_wib
from tests.office import Office

PAUSING = next(act for act in DETOURS if act.to == PAUSED)
MODEL = RECORDS[PAUSING.record]


def day_off(after: date) -> date:
    return next(day for n in range(1, 9) if not clock().is_workday(day := after + timedelta(days=n)))


@pytest.mark.parametrize("state", [step.key for step in vocabulary().steps][:4])
def test_without_a_day_of_his_own_a_pause_lasts_as_many_workdays_as_the_table_says(office: Office, state: str) -> None:
    [case] = office.receive()
    office.bring([case], state)
    office.do([case], PAUSING.key)
    day = clock().workday_after(in_wib(office.at).date(), PAUSING.news_after)
    assert Complaint.get_by_id(case).paused_until == MODEL.get(MODEL.complaint == case).paused_until == day


def test_many_cases_are_paused_until_the_same_day_and_the_day_ends_with_each_pause(office: Office) -> None:
    cases = office.receive(3)
    office.bring(cases, "handle")
    day = clock().workday_after(in_wib(office.at).date(), 9)
    office.do(cases, PAUSING.key, paused_until=day)
    assert {row.paused_until for row in Complaint.select()} == {day}
    office.do(cases[:1], "supplement", statement="Pengadu menelepon.")
    assert Complaint.get_by_id(cases[0]).paused_until == day
    office.do(cases[:1], "resume")
    office.do(cases[1:2], "withdraw", by="petugas")
    assert [row.paused_until for row in Complaint.select().order_by(Complaint.id)] == [None, None, day]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (lambda today: today, "{} bukan hari yang akan datang"),
        (lambda today: today - timedelta(days=1), "{} bukan hari yang akan datang"),
        (lambda today: today + LONGEST_PAUSE + timedelta(days=1), "Paling lama ditunda sampai"),
        (day_off, "{} bukan hari kerja"),
        (lambda today: None, "isi dahulu ditunda sampai"),
        (lambda today: date(2, 1, 1), "Ditunda sampai: "),
    ],
    ids=["today", "gone", "too far", "day off", "none", "mistyped"],
)
def test_a_day_that_cannot_be_is_refused_in_words_and_pauses_nothing(
    office: Office, typed: Callable[[date], date | None], sentence: str
) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    day = typed(in_wib(office.at).date())
    blanks = {"paused_until": day, "reason": reasons()[PAUSING.key][0]}
    result = workflow.advance([case], PAUSING.key, by=office["staf.rehsos"], at=office.at, blanks=blanks)
    assert sentence.format(format_date(day) if day else "") in result.refused[case]
    assert office.state(case) == "handle"
