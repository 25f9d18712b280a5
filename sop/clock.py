"""The office's time zone and its working-time clock: due times and elapsed working time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

UNITS = {"menit": 1, "jam": 60}
MOST = {"menit": 120_000, "jam": 2_000, "hari": 365}  # a year of work: the limit for one row


@dataclass(frozen=True)
class Norm:
    """The norm of a row: `minutes` of working time, or `days`, meaning the same time so many working days later."""

    minutes: int = 0
    days: int = 0

    @classmethod
    def read(cls, words: str) -> "Norm":
        """Parse "<number> menit|jam|hari", the SOP's column Waktu. ValueError with a sentence."""
        match = re.fullmatch(r"\s*([0-9]+)\s*(menit|jam|hari)\s*", words, re.IGNORECASE)
        if not match:
            raise ValueError(f"“{words}” tidak terbaca. Yang terbaca: angka (0–9) dan menit, jam, atau hari.")
        digits, unit = match[1].lstrip("0"), match[2].lower()
        if not digits:
            raise ValueError(f"“{words}” bukan waktu: sedikitnya 1 {unit}.")
        if len(digits) > len(str(MOST[unit])) or int(digits) > MOST[unit]:
            raise ValueError(f"“{words}” terlalu lama: paling banyak {MOST[unit]} {unit}.")
        count = int(digits)
        return cls(days=count) if unit == "hari" else cls(minutes=count * UNITS[unit])

    @property
    def words(self) -> str:
        """The form that is stored, and that `read` parses."""
        return f"{self.days} hari" if self.days else f"{self.minutes} menit"

    def __str__(self) -> str:
        """1 hari kerja, 1 jam, 5 menit: the form on screens; the printed SOP has its own words."""
        hours, rest = divmod(self.minutes, UNITS["jam"])
        return f"{self.days} hari kerja" if self.days else f"{self.minutes} menit" if rest else f"{hours} jam"

    @property
    def warns(self) -> bool:
        """Whether an early warning at 80 % makes sense: from one hour on."""
        return bool(self.days) or self.minutes >= 60


FIRST = "WIB"  # the default until the office has chosen its zone
ZONES = {
    FIRST: ZoneInfo("Asia/Jakarta"),
    "WITA": ZoneInfo("Asia/Makassar"),
    "WIT": ZoneInfo("Asia/Jayapura"),
}
NAMES = {
    FIRST: "WIB – Waktu Indonesia Barat",
    "WITA": "WITA – Waktu Indonesia Tengah",
    "WIT": "WIT – Waktu Indonesia Timur",
}
AHEAD = {7: FIRST, 8: "WITA", 9: "WIT"}  # UTC offset in hours
_of_paper: ContextVar[str] = ContextVar("zone of the paper that is being set", default="")


class OfficeZone(tzinfo):
    """A tzinfo that delegates to the zone in force; its instance keeps the name WIB from when there was one zone only.
    `astimezone` returns moments in the actual zone, so that a later change of the setting does not affect them."""

    def __init__(self) -> None:
        self._word = FIRST

    def follow(self, word: str) -> None:
        """Change the zone in force; the default one for an unknown word."""
        self._word = word if word in ZONES else FIRST

    @property
    def word(self) -> str:
        """The abbreviation after a time of day: WIB, WITA or WIT."""
        return _of_paper.get() or self._word

    @property
    def zone(self) -> ZoneInfo:
        return ZONES[_of_paper.get() or self._word]

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return self.zone.utcoffset(dt)

    def dst(self, dt: datetime | None) -> timedelta | None:
        return self.zone.dst(dt)

    def tzname(self, dt: datetime | None) -> str:
        return self.word

    def fromutc(self, dt: datetime) -> datetime:
        return self.zone.fromutc(dt.replace(tzinfo=self.zone))

    def __reduce__(self) -> str:
        return "WIB"  # unpickled as the module's singleton

    def __repr__(self) -> str:
        return f"OfficeZone({self.word!r})"


WIB = OfficeZone()


@contextmanager
def zone_of(moment: str) -> Iterator[None]:
    """Use the zone of a frozen moment (ISO 8601) within the block, so that an old paper prints the same times."""
    ahead = datetime.fromisoformat(moment).utcoffset()
    token = _of_paper.set(AHEAD.get(ahead // timedelta(hours=1), "") if ahead else "")
    try:
        yield
    finally:
        _of_paper.reset(token)


NOTHING = timedelta()
Span = tuple[datetime, datetime]  # opening and closing moment of a day


class HoursUnknown(ValueError):
    """There is no working day: the office's hours are not set."""


MOST_CACHED = 10_000  # spans of days whose working time is cached


@dataclass(frozen=True)
class Hours:
    """Opening hours by weekday (0 = Monday), valid from `since` until the next entry, or up to `until` if given."""

    since: date
    by_weekday: Mapping[int, tuple[time, time]]
    until: date | None = None


@dataclass(frozen=True)
class Clock:
    """Office hours with validity dates, and days off. All moments are aware; results are in the office's zone."""

    hours: tuple[Hours, ...]
    days_off: frozenset[date] = frozenset()
    _spans: "dict[date, Span | None]" = field(default_factory=dict, compare=False, repr=False)
    _lengths: dict[int, timedelta] = field(default_factory=dict, compare=False, repr=False)
    _lengths_between: dict[tuple[int, int], timedelta] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, hours: Iterable[Hours], days_off: Iterable[date] = ()) -> "Clock":
        """A clock of these hours. Entries with an end (such as Ramadan) take precedence over open-ended ones, and later
        ones over earlier ones."""
        ordered = sorted(hours, key=lambda h: (h.until is None, -h.since.toordinal()))
        return cls(tuple(ordered), frozenset(days_off))

    def span(self, day: date) -> Span | None:
        """Opening and closing moment of a day, None on a day off."""
        if day not in self._spans:
            self._spans[day] = self._open(day)
        return self._spans[day]

    def _open(self, day: date) -> Span | None:
        if day in self.days_off:
            return None
        valid = (h for h in self.hours if h.since <= day and (h.until is None or day <= h.until))
        hours = next((h.by_weekday.get(day.weekday()) for h in valid), None)
        return hours and (datetime.combine(day, hours[0], WIB.zone), datetime.combine(day, hours[1], WIB.zone))

    def _hours(self, day: date) -> Span:
        """The span of a working day. ValueError for a day off."""
        span = self.span(day)
        if span is None:
            raise ValueError(f"{day} bukan hari kerja.")
        return span

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open: "di luar jam kerja, jam SOP berhenti"."""
        span = self.span(moment.astimezone(WIB.zone).date())
        return span is not None and span[0] <= moment < span[1]

    def is_workday(self, day: date) -> bool:
        return self.span(day) is not None

    def opening(self, moment: datetime) -> datetime:
        """The moment itself if the office is open, else the next opening. HoursUnknown if none is in two years."""
        moment = moment.astimezone(WIB.zone)
        for ahead in range(732):
            span = self.span(moment.date() + timedelta(days=ahead))
            if span and moment < span[1]:
                return max(moment, span[0])
        raise HoursUnknown("Jam kerja belum diisi untuk tanggal ini.")

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself does not count."""
        for _ in range(count):
            day = self.opening(datetime.combine(day + timedelta(days=1), time(), WIB.zone)).date()
        return day

    def workdays_between(self, start: datetime, end: datetime) -> int:
        """The number of working days after the day of `start`, up to that of `end`."""
        first, last = start.astimezone(WIB.zone).date(), end.astimezone(WIB.zone).date()
        return sum(self.is_workday(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))

    def due(self, start: datetime, norm: Norm, paused: timedelta = NOTHING) -> datetime:
        """The due time of a norm that starts at `start`; `paused` is working time to add.

        "1 hari" is the same time on the next working day, clamped to the nearer end of that day's hours.
        """
        start = self.opening(start)
        if norm.days:
            opens, closes = self._hours(self.workday_after(start.date(), norm.days))
            at = datetime.combine(opens.date(), start.time(), WIB.zone)
            return self.plus(min(max(at, opens), closes), paused)
        return self.plus(start, timedelta(minutes=norm.minutes) + paused)

    def plus(self, start: datetime, working: timedelta) -> datetime:
        """The moment when so much working time has passed since `start`."""
        if not working:
            return start
        moment = self.opening(start)
        while True:
            _, closes = self._hours(moment.date())
            if working <= closes - moment:
                return moment + working
            working -= closes - moment
            moment = self.opening(closes)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two moments; zero if `end` is not after `start`."""
        if end <= start:
            return NOTHING
        zone = WIB.zone
        start = start if start.tzinfo is zone else start.astimezone(zone)
        end = end if end.tzinfo is zone else end.astimezone(zone)
        first, last = start.date(), end.date()
        if first == last:
            return self._open_within(first, start, end)
        whole = self._length_between(first.toordinal() + 1, last.toordinal())
        return self._open_within(first, start, end) + self._open_within(last, start, end) + whole

    def _open_within(self, day: date, start: datetime, end: datetime) -> timedelta:
        span = self.span(day)
        return max(NOTHING, min(end, span[1]) - max(start, span[0])) if span else NOTHING

    def _length(self, ordinal: int) -> timedelta:
        """The working time of a day, given by its ordinal; cached."""
        if ordinal not in self._lengths:
            span = self.span(date.fromordinal(ordinal))
            self._lengths[ordinal] = span[1] - span[0] if span else NOTHING
        return self._lengths[ordinal]

    def _length_between(self, first: int, end: int) -> timedelta:
        """The working time of the days from an ordinal up to another, without that; cached, as cases share days."""
        length = self._lengths_between.get((first, end))
        if length is None:
            if len(self._lengths_between) >= MOST_CACHED:
                self._lengths_between.clear()  # perhaps while another thread looks
            length = self._lengths_between[first, end] = sum(map(self._length, range(first, end)), NOTHING)
        return length

    def share(self, start: datetime, due: datetime, now: datetime) -> float:
        """The share of the working time to `due` that has passed at `now`: above 0.8 is a warning, above 1 late."""
        whole = self.elapsed(start, due)
        return self.elapsed(start, now) / whole if whole else 0.0

    def legal_due(self, received: datetime, days: int) -> datetime:
        """The end of the `days`-th working day after the day of receipt; `days` is a setting, from the law."""
        day = self.workday_after(received.astimezone(WIB.zone).date(), days)
        return self._hours(day)[1]
