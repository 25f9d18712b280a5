"""What happens at midnight is of the day that begins, by every figure; what ends then was open till then."""

from datetime import datetime, timedelta

import pytest

from models.complaint.complaint import Complaint, Run
from models.complaint.scope import viewer
from models.reading.figures import BY_KEY, row_figure_keys, row_figures
from models.reading.period import Period
from models.reading.promises import promise_figures
from models.reading.summary import waiting_lines
from models.reading.times import row_statistics
from models.records.promises import KEPT, Pledge
from sop.flow import current_procedure
from sop.procedure import PETUGAS
from sop.vocabulary import CLOSED
from tests.office import MONDAY, SECRET, Office

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
MIDNIGHT, TODAY = MONDAY.replace(hour=0), MONDAY.date()
FIRST_ROW = current_procedure().row_named(current_procedure().receive.key)
COUNTED = ("masuk", "selesai", "janji", *row_figure_keys(FIRST_ROW))


def put(case: int, **columns: object) -> None:
    Complaint.update(**columns).where(Complaint.id == case).execute()


def lived(case: int, at: datetime) -> None:
    """All that is counted of the case happened at this moment."""
    put(case, state=CLOSED, received_at=at, closed_at=at)
    Run.update(ended_at=at, due_at=at - TICK).where((Run.complaint == case) & Run.ended_at.is_null(False)).execute()
    promised(case, at, end=KEPT, ended_at=at)


def promised(case: int, at: datetime, **columns: object) -> None:
    row = {"what": "Bantuan cair", "day": at.date(), "caretaker": PETUGAS, "made_at": at}
    Pledge.create(complaint=case, **{**row, **columns})


def counted_ids(key: str, period: Period, at: datetime) -> list[int]:
    query = (
        Complaint.select(Complaint.id)
        .where({**BY_KEY, **row_figures()}[key].condition(period, at))
        .order_by(Complaint.id)
    )
    return [number for (number,) in query.tuples()]


def test_each_figure_of_a_day_counts_from_its_midnight_to_the_next(office: Office) -> None:
    cases, who, at = office.receive(3), viewer(office["kadis"]), MIDNIGHT + 9 * DAY
    for case, moment in zip(cases, (MIDNIGHT - TICK, MIDNIGHT, MIDNIGHT + DAY), strict=True):
        lived(case, moment)
    for case, day in zip(cases, (TODAY - DAY, TODAY, TODAY + DAY), strict=True):
        period = Period(day, day)
        assert {key: counted_ids(key, period, at) for key in COUNTED} == {key: [case] for key in COUNTED}
        figures = promise_figures(who, day, day, at.date())
        assert (figures.made, figures.kept, figures.broken) == (1, 1, 0)
        [row] = (one for one in row_statistics(who, period) if one.row is FIRST_ROW)
        assert (row.cases, row.late) == (1, 1)


def test_what_ended_at_midnight_was_open_at_the_end_of_the_day_before(office: Office) -> None:
    [case] = office.receive()
    put(case, state=CLOSED, received_at=MIDNIGHT - 5 * DAY, closed_at=MIDNIGHT)
    days = (TODAY - DAY, TODAY)
    assert [counted_ids("terbuka", Period(day, day), MIDNIGHT + 9 * DAY) for day in days] == [[case], []]


def test_a_promise_is_overdue_from_the_day_after_its_own(office: Office) -> None:
    [case] = office.receive()
    promised(case, MONDAY)
    period = Period(TODAY - DAY, TODAY + DAY)
    assert [counted_ids("janji-lewat", period, MONDAY + n * DAY) for n in (0, 1)] == [[], [case]]
    late = [promise_figures(viewer(office["kadis"]), period.first, period.last, TODAY + n * DAY) for n in (0, 1)]
    assert [one.overdue for one in late] == [0, 1]


@pytest.mark.only("sqlite")
def test_over_several_units_the_case_that_waits_longest_decides_the_days(office: Office) -> None:
    cases = [office.receive()[0], office.receive(category=SECRET)[0]]
    for case in cases:
        office.bring([case], "handle")
    for days in ((9, 2), (2, 9)):
        for case, ago in zip(cases, days, strict=True):
            put(case, state_since=office.at - ago * DAY)
        [line] = waiting_lines(viewer(office["kadis"]), office.at)
        assert (line.count, line.days) == (2, 9)
