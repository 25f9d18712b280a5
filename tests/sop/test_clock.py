"""The working-time clock at its edges, and the worked example to the minute."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from sop.clock import WIB, Clock, Hours, Norm
from tests.sop.calendar import CLOCK, PLAIN, at, span

HOUR, DAY = Norm.read("1 Jam"), Norm.read("1 hari")

DUE = [
    # start, norm, due
    ("sen 09.14", HOUR, "sen 10.14"),
    ("sen 15.30", HOUR, "sel 08.00"),  # half an hour is left on Monday
    ("sen 15.00", HOUR, "sen 16.00"),  # exactly at closing
    ("sen 16.00", HOUR, "sel 08.30"),  # closing is outside: the start moves to the next opening
    ("sen 06.00", HOUR, "sen 08.30"),
    ("jum 16.15", HOUR, "sen+1 08.15"),
    ("sab 10.00", HOUR, "sen+1 08.30"),
    ("sen 10.00", DAY, "sel 10.00"),  # "1 hari" is the same time on the next working day
    ("sen 20.00", DAY, "rab 07.30"),  # starts on Tuesday's opening
    ("jum 16.15", DAY, "sen+1 16.00"),  # clamped to the nearer end of that day's hours
    ("sab 09.00", DAY, "sel+1 07.30"),
    ("kam 11.20", Norm(days=2), "sen+1 11.20"),
]


@pytest.mark.parametrize(("start", "norm", "due"), DUE)
def test_something_is_due(start, norm, due):
    assert CLOCK.due(at(start), norm) == at(due)


def test_a_due_time_is_clamped_to_the_opening_where_the_next_day_opens_later():
    tuesday = Hours(date(2026, 10, 6), {1: (time(10, 0), time(12, 0))}, until=date(2026, 10, 6))
    clock = Clock.of([Hours(date(2020, 1, 1), PLAIN), tuesday])
    assert clock.due(at("sen 08.00"), DAY) == at("sel 10.00")
    assert clock.due(at("sen 15.00"), DAY) == at("sel 12.00")


def test_a_pause_is_added_to_the_due_time_as_working_time():
    paused = CLOCK.elapsed(at("sen 13.00"), at("rab 09.00"))
    assert paused == span(13)
    assert CLOCK.due(at("sen 11.20"), DAY) == at("sel 11.20")
    assert CLOCK.due(at("sen 11.20"), DAY, paused) == at("rab 15.50")


EXAMPLE = [
    # what, from, to, minutes
    ("row 1", "sen 09.10", "sen 09.14", 4),
    ("row 2", "sen 09.14", "sen 10.05", 51),
    ("row 2 again", "sen 11.00", "sen 11.20", 20),
    ("row 3 until the refusal", "sen 10.05", "sen 11.00", 55),
    ("row 3 with the pause in it", "sen 11.20", "rab 14.00", 100 + 780 + 300),
    ("row 3 once more", "rab 14.30", "kam 09.00", 90 + 90),
    ("row 4", "rab 14.00", "rab 14.30", 30),
    ("row 4 again", "kam 09.00", "kam 09.40", 40),
    ("menunggu", "kam 09.40", "kam 09.45", 5),
    ("row 5", "kam 09.45", "kam 09.50", 5),
]


@pytest.mark.parametrize(("what", "start", "end", "minutes"), EXAMPLE, ids=[e[0] for e in EXAMPLE])
def test_the_worked_example_is_right_to_the_minute(what, start, end, minutes):
    assert CLOCK.elapsed(at(start), at(end)) == span(minutes=minutes)


def test_outside_hours_no_time_goes_by():
    assert CLOCK.elapsed(at("jum 16.30"), at("sen+1 07.30")) == span()
    assert CLOCK.elapsed(at("sen 10.00"), at("sen 09.00")) == span()


def test_another_thread_may_clear_cached_lengths_at_any_time():
    class Cleared(dict):
        def __setitem__(self, *entry):
            super().__setitem__(*entry)
            self.clear()

    start, end, shared = at("sen 09.10"), at("kam+1 07.30"), Clock(CLOCK.hours, _lengths_between=Cleared())
    assert shared.elapsed(start, end) == Clock(CLOCK.hours).elapsed(start, end) > timedelta(0)


def test_lunch_does_not_stop_the_clock():
    assert CLOCK.elapsed(at("sen 11.30"), at("sen 13.30")) == span(2)


def test_the_share_of_a_norm_is_counted_in_working_time():
    start, due = at("sen 15.30"), at("sel 08.00")
    assert CLOCK.share(start, due, at("sen 20.00")) == 0.5
    assert CLOCK.share(start, due, at("sel 07.48")) == 0.8
    assert CLOCK.share(start, due, at("sel 08.30")) == 1.5
    assert CLOCK.share(start, start, due) == 0.0


def test_the_office_is_open_from_the_first_minute_up_to_closing():
    assert all(CLOCK.is_open(at(moment)) for moment in ("sen 07.30", "sen 15.59", "jum 16.15"))
    assert not any(CLOCK.is_open(at(moment)) for moment in ("sen 07.29", "sen 16.00", "sab 10.00"))


def test_a_circular_goes_before_the_usual_hours_while_it_holds():
    before, within = date(2026, 2, 16), date(2026, 2, 23)
    assert [m.hour for m in CLOCK.span(before)] == [7, 16]
    assert [m.hour for m in CLOCK.span(within)] == [8, 15]
    assert [m.hour for m in CLOCK.span(date(2026, 3, 24))] == [7, 16]


def test_later_hours_follow_earlier_ones_from_their_day_on():
    short = Hours(date(2027, 1, 4), {day: (time(8, 0), time(12, 0)) for day in range(5)})
    clock = Clock.of([Hours(date(2020, 1, 1), PLAIN), short])
    assert [clock.span(day)[1].hour for day in (date(2026, 12, 31), date(2027, 1, 4))] == [16, 12]


def test_a_day_off_is_passed_over():
    christmas_eve = datetime(2026, 12, 24, 15, 30, tzinfo=WIB)
    assert CLOCK.due(christmas_eve, HOUR) == datetime(2026, 12, 28, 8, 0, tzinfo=WIB)
    assert not CLOCK.is_workday(date(2026, 12, 25))


def test_any_zone_is_read_on_the_offices_clock():
    assert CLOCK.due(at("sen 15.30").astimezone(UTC), HOUR) == at("sel 08.00")
    assert CLOCK.due(at("sen 15.30").astimezone(UTC), HOUR).utcoffset() == timedelta(hours=7)


def test_the_legal_clock_ends_with_the_last_working_day():
    assert CLOCK.legal_due(at("sen 20.00"), 5) == at("sen+1 16.00")
    assert CLOCK.legal_due(at("min 10.00"), 5) == at("jum+1 16.30")


def test_without_any_hours_the_clock_says_so():
    with pytest.raises(ValueError, match="Jam kerja belum diisi"):
        Clock.of([]).due(at("sen 09.00"), HOUR)
