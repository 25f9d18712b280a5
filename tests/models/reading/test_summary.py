"""The monthly summary agrees with the recap of the month, and with plain counting."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median_low
from typing import Any

import peewee as pw
import pytest

from models.complaint.complaint import Complaint, Run, case_is_late_by_row
from models.complaint.scope import viewer, visible
from models.office.people import Division
from models.reading.figures import APART, ENDED_LATE
from models.reading.period import Period
from models.reading.recap import recap
from models.reading.summary import (
    BY_HOUR,
    FIRST,
    LAST,
    OF_MONTHS,
    OF_RANGE,
    WEEKS,
    counts_by_period,
    hour_key,
    hours_of_the_week,
    month_summary,
    weeks_until,
)
from models.store.base import database, now
from sop.flow import current_procedure
from sop.procedure import BIDANG, ROWS
from sop.vocabulary import vocabulary
from tests.models.reading.made import scatter
from tests.models.reading.test_counting import readable
from tests.office import Office, worked

READERS = ("kadis", "petugas")


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worked(template, tmp_path_factory.mktemp("summary"), lambda office: [*scatter(office, 200, 3)] and None)


@pytest.mark.parametrize("username", READERS)
def test_each_month_says_what_its_recap_says(office: Office, username: str) -> None:
    who, at = viewer(office[username]), now()
    summary = month_summary(who, Period.months_from(at.year, at.month), at)
    assert sum(line.received for line in summary.months) > 3
    for line in summary.months[::4]:
        counts = {one.figure.key: one.now for one in recap(who, line.month, at).lines}
        assert (line.received, line.ended) == (counts["masuk"], counts["selesai"])
    counts = {one.figure.key: one.now for one in recap(who, summary.period, at).lines}
    assert summary.late == counts["lewat-sop"]
    assert summary.counts == summary.months[-1].counts


@pytest.mark.parametrize("username", READERS)
def test_what_waits_is_what_is_open_and_late_among_it(office: Office, username: str) -> None:
    who, at = viewer(office[username]), now()
    month = Period.months_from(at.year, at.month)
    lines = month_summary(who, month, at).waiting
    mine = [case for case in readable(who) if case.state in vocabulary().open_states]
    assert {line.state: line.count for line in lines} == Counter(c.state for c in mine)
    late = Counter(c.state for c in mine if case_is_late_by_row(c, at))
    assert {line.state: line.late for line in lines} == {line.state: late[line.state] for line in lines}
    assert late
    assert any(c.row_late and not case_is_late_by_row(c, at) for c in mine)
    assert all(line.late <= line.count and sum(one.count for one in line.units) <= line.count for line in lines)
    assert [line.late for line in lines] == sorted((line.late for line in lines), reverse=True)


def test_of_one_unit_only_its_own_is_counted(office: Office) -> None:
    who, at, unit = viewer(office["kadis"]), now(), Division.select().order_by(Division.id).first()
    summary = month_summary(who, Period.months_from(at.year, at.month), at, [unit.id])
    mine = Complaint.select().where(Complaint.unit == unit)
    by_state = Counter(case.state for case in mine if case.state in vocabulary().open_states)
    assert {line.state: line.count for line in summary.waiting} == by_state
    assert {one.name for line in summary.waiting for one in line.units} == {unit.name}


def test_a_head_s_own_month_is_what_the_office_reads_of_his_units(office: Office) -> None:
    head, at = viewer(office["bidang.rehsos"]), now()
    month, units = Period.months_from(at.year, at.month), sorted(head.heads)
    summary = month_summary(head, month, at, units)
    assert summary == month_summary(viewer(office["kadis"]), month, at, units)
    assert sum(line.received for line in summary.months)
    assert summary.slowest is None


def test_the_slowest_unit_is_the_one_whose_median_is_the_longest(office: Office) -> None:
    who, at = viewer(office["kadis"]), now()
    period = next(p for p in (Period.months_from(at.year, at.month - back) for back in range(9)) if times_of(p))
    times = times_of(period)
    slowest = month_summary(who, period, at).slowest
    longest = max(median_low(minutes) for minutes in times.values())
    assert slowest.spread.median == longest
    assert slowest.name in {Division.get_by_id(u).name for u, m in times.items() if median_low(m) == longest}


def times_of(period: Period) -> dict[int, list[int]]:
    """By unit, computed once more in plain Python."""
    times: dict[int, list[int]] = {}
    own_rows = [key for row in ROWS if row.lanes == (BIDANG,) for key in current_procedure().row_keys(row)]
    for run in Run.select().where(Run.row_key.in_(own_rows)):
        case = run.complaint
        if run.ended_at and period.begins <= run.ended_at < period.ends and case.unit_id and case.state not in APART:
            times.setdefault(case.unit_id, []).append(run.minutes)
    return times


def test_the_hours_add_up_to_what_came_in(office: Office) -> None:
    at = now()
    last = Period.months_from(at.year, at.month - 1)
    Complaint.update(received_at=last.begins).where(Complaint.id == 1).execute()  # the first moment of a day and the
    Complaint.update(received_at=last.ends - timedelta(seconds=1)).where(Complaint.id == 2).execute()  # last of one
    who = viewer(office["kadis"])
    counts = hours_of_the_week(who, weeks_until(last))
    came = [
        case.received_at
        for case in Complaint.select().where(Complaint.state.not_in(["duplicated", "voided", "forwarded"]))
        if not case.imported and last.ends - timedelta(weeks=WEEKS) <= case.received_at < last.ends
    ]
    assert counts == Counter((moment.weekday(), min(max(moment.hour, FIRST), LAST)) for moment in came)
    assert len(came) > 5
    mine = visible(who.user, Complaint, who)
    by_figure = {key: mine.where(one.condition(weeks_until(last), at)).count() for key, one in BY_HOUR.items()}
    assert {key: count for key, count in by_figure.items() if count} == {hour_key(*of): n for of, n in counts.items()}


def test_a_month_of_nothing_is_zeros(office: Office) -> None:
    summary = month_summary(viewer(office["kadis"]), Period.months_from(2031, 1), now())
    assert (summary.counts["masuk"], summary.counts["selesai"], summary.late, summary.slowest) == (0, 0, 0, None)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", ["kadis", "bidang.rehsos"])
def test_each_figure_is_counted_by_the_index_of_its_states_and_time(office: Office, username: str) -> None:
    who, keys, sent = viewer(office[username]), (*OF_MONTHS, *OF_RANGE, ENDED_LATE), list[tuple[str, Any]]()
    real = pw.Database.execute_sql

    def keep(self: Any, sql: str, params: Any = None) -> Any:
        sent.append((sql, params))
        return real(self, sql, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pw.Database, "execute_sql", keep)
        counts_by_period(who, keys, [Period.months_from(2026, month) for month in (9, 10)], now(), sorted(who.heads))
    [(sql, params)] = [(sql, params) for sql, params in sent if '"span"' in sql]
    plan = [row[-1] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
    entered = re.compile(r"complaint_(?:state_\w+ \(|unit_\w+ \(unit_id=\? AND )state=\? AND \w+>\? AND \w+<\?\)")
    assert len([line for line in plan if entered.search(line)]) == len(keys), plan
