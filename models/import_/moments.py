"""Moments as other systems write them: as a date, or as text in one of a dozen ways."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from models.store.base import YEARS

_MONTHS = (
    ("jan",),
    ("feb", "peb"),
    ("mar",),
    ("apr",),
    ("mei", "may"),
    ("jun",),
    ("jul",),
    ("agu", "aug", "agt", "ags"),
    ("sep",),
    ("okt", "oct"),
    ("nov", "nop"),
    ("des", "dec"),
)
_BY_NAME = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
CENTURY = 2_000  # of a year that is written with two digits
_TIME = r"(?:[T ,]+(?:pukul |jam |pk[. ]+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*(am|pm)?)?"
_ZONE = r"\s*(Z|UTC|WIB|WITA|WIT|[+-]\d{2}:?\d{2})?"
_YEAR = r"(\d{4}|\d{2})"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}{_ZONE}", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ]{_YEAR}{_TIME}{_ZONE}", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:[a-z’']+, *)?(\d{{1,2}})[- ]([a-z]{{3,9}})\.?[- ,]+(\d{{4}}|\d{{2}}){_TIME}{_ZONE}", re.IGNORECASE
)
_SERIAL = re.compile(r"(?:3[7-9]|[4-6]\d)\d{3}(?:\.\d+)?")  # as spreadsheets count days: 2001 to 2091
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # of the days that spreadsheets count
_ZONES = {"z": 0, "utc": 0, "wib": 7, "wita": 8, "wit": 9}


@dataclass(frozen=True)
class ReadMoment:
    """A moment that a file tells; `day_only` where it says no time of the day."""

    at: datetime
    day_only: bool


def read_moment(text: str, zone: tzinfo) -> ReadMoment | None:
    """The moment in UTC that a text tells, in the file's own zone unless it names another; None if it tells none.

    A day without its time is that day's beginning in the zone.
    """
    text = " ".join(text.split())
    if _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(seconds=round(float(text) * 86_400))
        return _moment(day.replace(tzinfo=zone), day_only="." not in text)
    for form, year, date in ((_ISO, 0, 2), (_DAY_FIRST, 2, 0), (_NAMED, 2, 0)):
        if found := form.fullmatch(text):
            groups = found.groups()
            day_told = (groups[year], groups[1], groups[date])
            return _of_parts(day_told, groups[3:7], _named_zone(groups[7]) or zone)
    return None


def _of_parts(day: tuple[str, str, str], clock: tuple[str | None, ...], zone: tzinfo) -> ReadMoment | None:
    year, month, date = day
    number = int(month) if month.isdigit() else _BY_NAME.get(month[:3].casefold(), 0)
    try:
        at = datetime(int(year) + (CENTURY if len(year) == 2 else 0), number, int(date), *_time_of(*clock), tzinfo=zone)
    except ValueError:
        return None
    return _moment(at, day_only=clock[0] is None)


def _time_of(hour: str | None, minute: str | None, second: str | None, half: str | None) -> tuple[int, int, int]:
    """Hours, minutes and seconds of the day's clock."""
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + 12 * (half.casefold() == "pm")
    return hours, int(minute or 0), int(second or 0)


def _named_zone(named: str | None) -> tzinfo | None:
    if not named:
        return None
    hours = _ZONES.get(named.casefold())
    if hours is not None:
        return timezone(timedelta(hours=hours))
    sign = -1 if named[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(named[1:3]), minutes=int(named[-2:])))


def _moment(at: datetime, *, day_only: bool) -> ReadMoment | None:
    return ReadMoment(at.astimezone(UTC), day_only) if at.year in YEARS else None
