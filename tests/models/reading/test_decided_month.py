"""The month at the desk: counted by the SOP's rows; the sheet to hand on tells no more than the recap for signature."""

from datetime import timedelta

import pytest

from models.complaint.scope import viewer
from models.reading.decided_month import PRINTED, decided_month, month_of, month_sheet
from models.reading.desk import steps_of_desk
from models.reading.recap_paper import content_of_recap, issue
from sop.procedure import Transition
from tests.office import SECRET, Office


@pytest.mark.parametrize("step", steps_of_desk(), ids=lambda step: step.key)
def test_the_month_counts_what_was_decided_and_how_much_of_it_in_time(office: Office, step: Transition) -> None:
    who = viewer(office["kadis"])
    assert decided_month(who, step, office.at).count == 0
    waiting, late = office.receive(2), office.receive(1)
    for ids in (waiting, late):
        office.bring(ids, step.key)
    office.do(waiting, step.key)
    office.at += timedelta(days=3)
    office.do(late, step.key)
    month = decided_month(who, step, office.at)
    assert (month.count, month.in_time, month.late, month.unjudged) == (3, 2, 1, 0)


def test_the_sheet_of_the_month_says_word_for_word_what_the_recap_for_signature_says(office: Office) -> None:
    office.receive(4)
    office.receive(1, category=SECRET)
    kadis = office["kadis"]
    sheet = month_sheet(viewer(kadis), office.at, demo=False)
    recap = content_of_recap(issue(kadis, month_of(office.at), office.at, demo=False))
    assert {key: sheet[key] for key in PRINTED} == {key: recap[key] for key in PRINTED}
    assert set(sheet) - set(PRINTED) == {"format", "paper", "sop", "office", "demo"}
    assert not sheet["paper"].get("number")
