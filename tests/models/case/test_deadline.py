"""The binding deadline of a case: the earliest of its clocks, labelled by that clock, for every class."""

from datetime import date, timedelta

import pytest

from models.case.clocks import CASE_CLOCKS, binding_deadline, deadlines_of
from models.complaint.complaint import Complaint
from models.office.settings import LAW_CLASSES, Setting, values
from sop.vocabulary import CLOSED
from sop.words import format_date
from tests.office import MONDAY, Office


def received(office: Office, law_class: str) -> Complaint:
    return Complaint.get_by_id(office.receive(law_class=law_class)[0])


@pytest.mark.parametrize("law_class", LAW_CLASSES)
def test_the_binding_deadline_is_the_earliest_clock_of_its_class(office: Office, law_class: str) -> None:
    days = values(MONDAY.date())
    binds = binding_deadline(received(office, law_class))
    assert binds.clock.key == ("answer" if days["legal.answer"] < days[f"legal.{law_class}"] else "law")
    assert binds.words == f"{format_date(binds.due)} ({binds.clock.name})"


@pytest.mark.parametrize("law_class", LAW_CLASSES)
@pytest.mark.parametrize("answer", [1, 100])
def test_the_office_s_own_days_decide_which_clock_binds(office: Office, law_class: str, answer: int) -> None:
    Setting.create(key="legal.answer", value=answer, valid_from=date(2026, 1, 1))
    assert binding_deadline(received(office, law_class)).clock.key == ("answer" if answer == 1 else "law")


def test_deadlines_of_a_case_are_listed_once_per_clock_earliest_first(office: Office) -> None:
    case = received(office, "berkadar")
    deadlines = deadlines_of(case)
    assert [one.due for one in deadlines] == sorted(getattr(case, clock.column) for clock in CASE_CLOCKS)
    assert len({one.clock.name for one in deadlines}) == len(CASE_CLOCKS)


def test_a_reopened_case_has_new_deadlines(office: Office) -> None:
    [case] = office.receive()
    before = binding_deadline(Complaint.get_by_id(case)).due
    office.bring([case], CLOSED)
    office.do([case], "reopen", at=MONDAY + timedelta(days=30))
    assert binding_deadline(Complaint.get_by_id(case)).due > before
