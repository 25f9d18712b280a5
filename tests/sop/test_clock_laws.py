"""What holds of the clock for any moments: due and elapsed undo each other, and later starts are due later."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sop.clock import NOTHING, WIB, Norm
from tests.sop.calendar import CLOCK

FIRST = datetime(2026, 2, 1, tzinfo=WIB)
moments = st.integers(0, 330 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
spans = st.integers(0, 80 * 60).map(lambda minutes: timedelta(minutes=minutes))
minute_norms = st.integers(1, 20 * 60).map(lambda minutes: Norm(minutes=minutes))
day_norms = st.integers(1, 60).map(lambda days: Norm(days=days))
norms = minute_norms | day_norms


@given(moments, minute_norms, spans)
def test_due_and_elapsed_undo_each_other(start, norm, paused):
    assert CLOCK.elapsed(start, CLOCK.due(start, norm, paused)) == timedelta(minutes=norm.minutes) + paused


@given(moments, spans)
def test_plus_and_elapsed_undo_each_other(start, working):
    assert CLOCK.elapsed(start, CLOCK.plus(start, working)) == working


@given(moments, moments, norms, spans)
def test_who_starts_later_is_never_due_earlier(one, other, norm, paused):
    first, second = sorted((one, other))
    assert CLOCK.due(first, norm, paused) <= CLOCK.due(second, norm, paused)


@given(moments, norms, spans, spans)
def test_giving_back_more_makes_it_due_later(start, norm, paused, more):
    assert CLOCK.due(start, norm, paused + more) >= CLOCK.due(start, norm, paused)


@given(moments, norms, spans)
def test_a_due_time_lies_within_the_hours_of_its_day(start, norm, paused):
    due = CLOCK.due(start, norm, paused)
    opens, closes = CLOCK.span(due.date())
    assert opens <= due <= closes


@given(moments, day_norms)
def test_days_are_the_same_time_so_many_working_days_later_or_the_nearer_end(start, norm):
    begun, due = CLOCK.opening(start), CLOCK.due(start, norm)
    opens, closes = CLOCK.span(due.date())
    same = begun.replace(year=due.year, month=due.month, day=due.day)
    assert due == min(max(same, opens), closes)
    days = [begun.date() + timedelta(days=n + 1) for n in range((due.date() - begun.date()).days)]
    assert sum(CLOCK.is_workday(day) for day in days) == norm.days


@given(moments, moments, moments)
def test_working_time_adds_up(one, two, three):
    first, second, third = sorted((one, two, three))
    assert CLOCK.elapsed(first, third) == CLOCK.elapsed(first, second) + CLOCK.elapsed(second, third)
    assert NOTHING <= CLOCK.elapsed(first, second) <= second - first


@given(moments)
def test_the_opening_is_open_and_an_open_moment_is_its_own(moment):
    opening = CLOCK.opening(moment)
    assert CLOCK.is_open(opening)
    assert opening == moment or not CLOCK.is_open(moment)


@given(moments, st.integers(1, 60))
def test_a_legal_day_is_a_working_day_and_one_more_is_later(moment, days):
    due = CLOCK.legal_due(moment, days)
    assert CLOCK.is_workday(due.date())
    assert CLOCK.legal_due(moment, days + 1) > due
