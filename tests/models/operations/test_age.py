"""Backups grow old: seven days, five weeks, twelve months, and never the last one."""

from datetime import UTC, datetime, timedelta

from models.operations.backup_location import archive_name, moment_of
from models.operations.backup_making import Spans, retained_names
from sop.clock import WIB

NEW_YEAR = datetime(2026, 12, 31, 1, 0, tzinfo=WIB)


def nights(count: int) -> list[str]:
    """A backup each night, the last one at the end of the year."""
    return [archive_name(NEW_YEAR - timedelta(days=back)) for back in reversed(range(count))]


def days_retained(names: list[str], spans: Spans) -> list[str]:
    return [f"{moment_of(name):%m-%d}" for name in sorted(retained_names(names, spans))]


def test_a_week_a_month_of_weeks_and_a_year_of_months_stay() -> None:
    days = days_retained(nights(500), Spans(7, 5, 12))
    assert days[-7:] == ["12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31"]
    assert {"11-30", "12-06", "12-13", "12-20"} < set(days)  # Sundays: the last of their weeks
    months = {"01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30"}
    assert months < set(days)
    assert len(days) == len(set(days)) == 7 + 3 + 11


def test_names_of_one_second_stand_in_the_order_of_their_moments() -> None:
    names = [archive_name(NEW_YEAR + timedelta(microseconds=20 * count)) for count in range(50_000)]
    assert names == sorted(set(names))


def test_names_stand_in_the_order_of_their_moments_when_the_office_changes_its_zone() -> None:
    at = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
    try:
        WIB.follow("WIT")
        before = archive_name(at)
        WIB.follow("WIB")
        after = archive_name(at + timedelta(minutes=5))
        assert before < after
        assert moment_of(after) - moment_of(before) == timedelta(minutes=5)
    finally:
        WIB.follow("WIB")


def test_of_several_in_a_day_the_last_stays() -> None:
    names = [archive_name(NEW_YEAR + timedelta(hours=hour)) for hour in range(3)]
    assert retained_names(names, Spans()) == {names[-1]}


def test_the_last_one_stays_whatever_is_asked_for() -> None:
    names = nights(3)
    assert retained_names(names, Spans(0, 0, 0)) == {names[-1]}
    assert retained_names([], Spans()) == set()


def test_after_a_pause_of_a_year_the_old_ones_are_still_there() -> None:
    names = nights(10)
    later = archive_name(NEW_YEAR + timedelta(days=400))
    assert names[-1] in retained_names([*names, later], Spans())
