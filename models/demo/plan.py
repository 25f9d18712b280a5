"""The plan of one demo complaint: its text and each act with its moment; the working time to compute them."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from models.records.base import Blanks
from models.store.base import Columns
from sop.clock import WIB, Clock
from sop.flow import current_procedure
from sop.words import day_of

LONG_CLOSED = 60  # days without office hours: the hours are not set for that time
MINUTE = timedelta(minutes=1)


class Agenda:
    """Computes moments in working time, backwards from `end`: the given moment, or the last office minute before it."""

    def __init__(self, clock: Clock, at: datetime) -> None:
        self.clock, self.at = clock, (at := at.astimezone(WIB).replace(second=0, microsecond=0))
        self._day = at.date()
        opens, closes = self._before(at)
        self.end = min(at, closes - MINUTE)
        self._spans = [(opens, self.end)]  # of the end's day and earlier working days, latest first
        self._worked = [self.end - opens]  # working time from the start of each of them to the end

    def _before(self, at: datetime | None = None) -> tuple[datetime, datetime]:
        """The span of the previous working day that opened by `at`. ValueError with a sentence if no hours are set."""
        for _ in range(LONG_CLOSED):
            span, self._day = self.clock.span(self._day), self._day - timedelta(days=1)
            if span and (at is None or span[0] <= at):
                return span
        raise ValueError(f"Jam kerja sekitar {self._day:%d-%m-%Y} belum diisi; data contoh tidak dapat dibuat.")

    def _reach(self, days: int) -> None:
        while len(self._spans) <= days:
            opens, closes = self._before()
            self._spans.append((opens, closes))
            self._worked.append(self._worked[-1] + (closes - opens))

    def ago(self, minutes: int) -> datetime:
        """The moment so many working minutes before the end."""
        wanted = minutes * MINUTE
        while self._worked[-1] < wanted:
            self._reach(len(self._spans))
        n = bisect_left(self._worked, wanted)
        return self._spans[n][0] + (self._worked[n] - wanted)

    def day(self, days: int, minutes: int) -> datetime:
        """`minutes` after the opening of the working day `days` working days ago; may be in the future for day 0."""
        return self._within(self._start(days) + minutes * MINUTE)

    def calendar_days(self, days: int) -> int:
        """Working minutes since mid-morning of the working day nearest to so many calendar days ago."""
        wanted, n = self.end.date() - timedelta(days=days), 1
        while self._start(n).date() > wanted:
            n += 1
        n = min((n, n - 1), key=lambda days_ago: abs(self._start(days_ago).date() - wanted))
        return self.minutes_since(self._start(n) + 150 * MINUTE)

    def near_due(self, state: str, left: int) -> int:
        """Working minutes since the start of a run, with a norm in days, that is due in `left` working minutes."""
        due = self.clock.plus(self.end, left * MINUTE)
        days, n = current_procedure().row_named(state).norm.days, 0
        while self._days_between(self._start(n).date(), due.date()) < days:
            n += 1
        start = datetime.combine(self._start(n).date(), due.time(), WIB)
        return self.minutes_since(self._within(start))

    def _within(self, moment: datetime) -> datetime:
        """The moment, or the nearest office minute of that day; unchanged on a day off."""
        opens, closes = self.clock.span(moment.date()) or (moment, moment + MINUTE)
        return min(max(moment, opens), closes - MINUTE)

    def _start(self, days: int) -> datetime:
        self._reach(days)
        return self._spans[days][0]

    def minutes_since(self, start: datetime) -> int:
        """Working minutes from `start` to the end."""
        return int(self.clock.elapsed(start, self.end) / MINUTE)

    def days_since(self, moment: date) -> int:
        """Working days after that day, up to that of the end; the argument for `day`."""
        return self._days_between(day_of(moment), self.end.date())

    def _days_between(self, first: date, last: date) -> int:
        days = (last - first).days
        return sum(self.clock.is_workday(first + timedelta(days=n)) for n in range(1, days + 1))

    def form_opened(self, saved: datetime, minutes: int) -> datetime:
        """When the form of a complaint was opened, `minutes` before it was saved, within the hours of that day."""
        return self._within(saved - minutes * MINUTE)


class Pengadu(TypedDict):
    """The pengadu, as far as the text requires."""

    sex: str
    age: list[int]  # from, to
    job: str | None


class Concerned(TypedDict, total=False):
    """The person that a text is about."""

    relation: str
    known: bool
    sex: str
    age: int
    group: str | None


class DemoText(TypedDict, total=False):
    """A text of the data file, with attributes of its category."""

    no: int
    category: str
    title: str
    voice: str
    story: str
    asks: str
    accused: str | None
    loss: str | None
    place: str
    evidence: str | None
    media: list[str]
    anonymous_fits: bool
    safe_contact: str | None
    emergency_action: str | None
    pengadu: Pengadu
    persons: dict[str, Concerned | None]
    findings: dict[str, str]
    delivery: dict[str, str]
    unit: str
    secret: bool
    group: str
    advice: str
    emergency_unit: str | None
    original: Any  # the Plan that it repeats or is tied to


@dataclass(frozen=True)
class PlannedAct:
    """One act: moment, key, user name, blanks; a Plan among the blanks stands for its register number."""

    at: datetime
    key: str
    by: str
    blanks: Blanks
    evidence: tuple[str, ...] = ()  # words of models/demo/files.py


@dataclass(eq=False)
class Plan:
    """A complaint: its text (of the data file), columns, persons, and acts in order."""

    text: DemoText
    data: Columns
    persons: dict[str, Columns]
    acts: list[PlannedAct] = field(default_factory=list)
    opened_at: datetime | None = None
    id: int = 0

    @property
    def secret(self) -> bool:
        return bool(self.text["secret"])

    @property
    def unit(self) -> str:
        return str(self.text["unit"])

    def add(
        self, at: datetime, key: str, by: str, blanks: Blanks | None = None, *, evidence: tuple[str, ...] = ()
    ) -> "Plan":
        """Append an act. ValueError if it is not later than the previous one."""
        if self.acts and at <= self.acts[-1].at:
            raise ValueError(f"“{key}” pada {at} tidak sesudah “{self.acts[-1].key}” pada {self.acts[-1].at}")
        self.acts.append(PlannedAct(at, key, by, blanks or {}, evidence))
        return self
