"""The leadership's chart: what came in and was settled, week by week, of what the person may read."""

from datetime import datetime, timedelta

import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.reading.summary import SPAN, weeks
from sop.vocabulary import CLOSED, OUTSIDE
from sop.words import WIB
from tests.office import SECRET

WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=WIB)
MONDAY, SUNDAY = datetime(2026, 11, 16, tzinfo=WIB), datetime(2026, 11, 22, 23, 59, tzinfo=WIB)


def put(case: int, **columns) -> None:
    Complaint.update(**columns).where(Complaint.id == case).execute()


def settled(case: int, at: datetime, **columns) -> None:
    put(case, state=CLOSED, received_at=at, closed_at=at, legal_due_at=at + timedelta(days=1), **columns)


def test_a_week_runs_from_monday_to_sunday_in_wib_and_counts_what_was_late(office):
    early, last, punctual, waiting = office.receive(4)
    settled(early, MONDAY, row_late=True)
    settled(last, SUNDAY, row_late=False)
    put(last, legal_due_at=SUNDAY - timedelta(days=1))
    settled(punctual, WEDNESDAY, row_late=False)
    put(waiting, received_at=WEDNESDAY)
    lines = weeks(viewer(office["kadis"]), WEDNESDAY)
    assert len(lines) == SPAN
    figures = [(w.span, w.received, w.settled, w.late) for w in lines[-2:]]
    assert figures == [("16–22 Nov", 2, 2, 2), ("23–29 Nov", 2, 1, 0)]
    assert lines[-5].span == "26 Okt–1 Nov"
    assert not any(w.received + w.settled for w in lines[:-2])


@pytest.mark.parametrize(("elsewhere", "settled_then"), [("answered", 2), ("undated", 1)])
def test_what_was_settled_outside_of_the_panel_is_counted_by_its_own_days(office, elsewhere, settled_then):
    inside, outside = office.receive(2)
    settled(inside, WEDNESDAY)
    office.bring([outside], *{OUTSIDE})
    put(outside, received_at=WEDNESDAY, closed_at=WEDNESDAY, elsewhere=elsewhere)
    week = weeks(viewer(office["kadis"]), WEDNESDAY)[-1]
    assert (week.received, week.settled) == (2, settled_then)


def test_a_user_s_weeks_do_not_count_what_he_may_not_read(office):
    [secret] = office.receive(category=SECRET)
    put(secret, received_at=WEDNESDAY)
    assert weeks(viewer(office["kadis"]), WEDNESDAY)[-1].received == 1
    assert weeks(viewer(office["admin"]), WEDNESDAY)[-1].received == 0
