"""The office hours that the clock's tests run on: a plain week, one Ramadan, a few days off."""

from datetime import date, datetime, time, timedelta

from sop.clock import WIB, Clock, Hours

PLAIN = {**{day: (time(7, 30), time(16, 0)) for day in range(4)}, 4: (time(7, 30), time(16, 30))}
FASTING = {**{day: (time(8, 0), time(15, 0)) for day in range(4)}, 4: (time(7, 30), time(15, 0))}
WEEK = Hours(date(2020, 1, 1), PLAIN)
RAMADAN = Hours(date(2026, 2, 18), FASTING, until=date(2026, 3, 20))
OFF = (date(2026, 3, 18), date(2026, 3, 19), date(2026, 3, 20), date(2026, 3, 23), date(2026, 12, 25))
CLOCK = Clock.of([WEEK, RAMADAN], OFF)
DAYS = ("sen", "sel", "rab", "kam", "jum", "sab", "min")


def at(text: str) -> datetime:
    """A moment of the week of Mon 5 Oct 2026: "sen 09.10"; "sen+1 07.30" is the Monday after."""
    word, hour = text.split()
    day, _, weeks = word.partition("+")
    ahead = DAYS.index(day) + 7 * int(weeks or 0)
    hours, minutes = hour.split(".")
    return datetime(2026, 10, 5, int(hours), int(minutes), tzinfo=WIB) + timedelta(days=ahead)


def span(hours: int = 0, minutes: int = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes)
