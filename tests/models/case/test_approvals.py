"""The list of a day's decisions is from midnight to midnight: a decision at midnight belongs to the day that begins."""

from datetime import timedelta

import pytest

from models.case.issued_lists import papers_issued
from models.complaint.scope import viewer
from sop.vocabulary import vocabulary
from tests.office import MONDAY, Office

pytestmark = pytest.mark.only("sqlite")  # it asks little of the kind of database

APPROVE = vocabulary().transitions["approve"]
TICK = timedelta(microseconds=1)


def test_a_decision_at_midnight_is_of_the_day_that_begins_alone(office: Office) -> None:
    ids = office.receive(3)
    office.bring(ids, "approve")
    day = MONDAY.date() + timedelta(days=1)
    midnight = MONDAY.replace(hour=0) + timedelta(days=1)
    for case, at in zip(ids, (midnight - TICK, midnight, midnight + timedelta(days=1)), strict=True):
        office.do([case], "approve", at=at)
    who = viewer(office["kadis"])
    listed = [[row.complaint_id for row in papers_issued(APPROVE, who, day + timedelta(days=n))] for n in (-1, 0, 1)]
    assert listed == [[case] for case in ids]
