"""Monthly summary: counts by month, week and hour, open cases by state and unit, and the slowest unit."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint, Run, is_late_by_row, is_open
from models.complaint.scope import FALSE, Viewer, visible
from models.office.people import Division
from models.reading.figures import BY_KEY, BY_SOP, ENDED, ENDED_LATE, OWN, RECEIVED, RecapFigure, ran_in
from models.reading.period import Period
from models.reading.times import TimeSpread
from models.store.base import union_all, without_index
from models.store.master_cache import rows_by_id
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import BIDANG
from sop.vocabulary import RECEIVE, vocabulary
from sop.words import SHORT_MONTHS, WEEKDAYS, day_of, in_wib

MONTHS_BACK = 13  # starts with the same month of the year before
MOMENTS = {RECEIVED: Complaint.received_at, ENDED: Complaint.closed_at}
LATE, IMPORTED = "lewat-sop", "impor"
OF_MONTHS = ("masuk", "luar", "selesai", "selesai-luar", "lain", "lain-dijawab", LATE, IMPORTED)  # figures


@dataclass(frozen=True)
class MonthLine:
    """One month with the figures OF_MONTHS by key."""

    month: Period
    counts: dict[str, int]

    @property
    def received(self) -> int:
        return self.counts["masuk"]

    @property
    def ended(self) -> int:
        return self.counts["selesai"]


def month_lines(
    who: Viewer, last: Period, at: datetime, also: Any = None, count: int = MONTHS_BACK
) -> tuple[MonthLine, ...]:
    """`count` months up to the end of a range, over cases visible to the user that meet the condition `also`."""
    months = [Period.months_from(last.last.year, last.last.month - back) for back in reversed(range(count))]
    return tuple(map(MonthLine, months, counts_by_period(who, OF_MONTHS, months, at, also)))


def counts_by_period(
    who: Viewer, keys: Sequence[str], periods: Sequence[Period], at: datetime, also: Any = None
) -> list[dict[str, int]]:
    """The figures of consecutive ranges, in one statement, of which each part uses the index of one of MOMENTS."""
    figures, parts = [BY_KEY[key] for key in keys], []
    for base, moment in MOMENTS.items():
        sums = [
            pw.fn.SUM(pw.Case(None, [(figure.which(periods[-1], at), 1)], 0)) if figure.base == base else pw.SQL("0")
            for figure in figures
        ]
        within = (moment >= periods[0].begins) & (moment < periods[-1].ends)
        mine = visible(who.user, Complaint, who).where(within if also is None else within & also)
        first_column = pw.SQL("1")  # by position: PostgreSQL does not match an expression with bound parameters
        parts.append(mine.select(_place(moment, periods), *sums).group_by(first_column))
    counts: list[dict[str, int]] = [dict.fromkeys(keys, 0) for _ in periods]
    for index, *totals in union_all(parts).tuples():
        for key, total in zip(keys, totals, strict=True):
            counts[index][key] += int(total)
    return counts


def _place(moment: pw.Field, periods: Sequence[Period], first: int = 0) -> Any:
    """SQL expression for the index of the consecutive range that contains a moment, by binary search."""
    middle = len(periods) // 2
    if not middle:
        return pw.Value(first, converter=False)
    earlier, later = _place(moment, periods[:middle], first), _place(moment, periods[middle:], first + middle)
    return pw.Case(None, [(moment < periods[middle].begins, earlier)], later)


SPAN = 8  # weeks, the present one included


@dataclass(frozen=True)
class Week:
    """Monday to Sunday: cases received, ended, and ended late."""

    period: Period
    received: int
    settled: int
    late: int

    @property
    def span(self) -> str:
        """5–11 Okt, 26 Okt–1 Nov."""
        first, last = self.period.first, self.period.last
        month = "" if last.month == first.month else f" {SHORT_MONTHS[first.month - 1]}"
        return f"{first.day}{month}–{last.day} {SHORT_MONTHS[last.month - 1]}"


def weeks(who: Viewer, at: datetime) -> list[Week]:
    """The last SPAN weeks over cases visible to the user, oldest first, with the recap's figures."""
    day = day_of(at)
    mondays = [day - timedelta(days=day.weekday(), weeks=back) for back in reversed(range(SPAN))]
    spans = [Period(monday, monday + timedelta(days=6)) for monday in mondays]
    counts = counts_by_period(who, ("masuk", "selesai", ENDED_LATE), spans, at)
    return [Week(span, *by_key.values()) for span, by_key in zip(spans, counts, strict=True)]


WEEKS = 13  # a quarter: one month has too few cases for each hour of the week
FIRST, LAST = 6, 18  # earlier and later hours are counted with these
HOURS = range(FIRST, LAST + 1)
TIMED = OWN & ~Complaint.imported


def weeks_until(last: Period) -> Period:
    """The last WEEKS weeks of the range."""
    return Period(last.last - timedelta(weeks=WEEKS) + timedelta(days=1), last.last)


def hours_of_the_week(who: Viewer, period: Period) -> Counter[tuple[int, int]]:
    """Cases received by (weekday with Monday as 0, hour in WIB within HOURS)."""
    timed = TIMED & (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends)
    moments = visible(who.user, Complaint, who).where(timed).select(Complaint.received_at).tuples()
    came = (in_wib(moment) for (moment,) in moments.iterator())
    return Counter((moment.weekday(), min(max(moment.hour, FIRST), LAST)) for moment in came)


def hour_key(day: int, hour: int) -> str:
    """The URL key of the figure for this weekday and hour."""
    return f"jam-{day}-{hour}"


def hour_words(hour: int) -> str:
    return f"–{hour:02}" if hour == FIRST else f"{hour:02}–" if hour == LAST else f"{hour:02}"


def _came(day: int, hour: int, period: Period, at: datetime) -> Any:
    """Condition: received on this weekday of the range within the hour; FIRST and LAST extend to midnight."""
    days = ((period.first + timedelta(days=n)) for n in range((period.last - period.first).days + 1))
    begins, hours = (0, FIRST + 1) if hour == FIRST else (hour, 24 - LAST if hour == LAST else 1)
    starts = [datetime.combine(match, time(begins), WIB) for match in days if match.weekday() == day]
    spans = [
        (Complaint.received_at >= start) & (Complaint.received_at < start + timedelta(hours=hours)) for start in starts
    ]
    return TIMED & reduce(or_, spans, FALSE)


BY_HOUR = {
    hour_key(day, hour): RecapFigure(
        hour_key(day, hour), f"Masuk {WEEKDAYS[day]} pukul {hour_words(hour)}", RECEIVED, partial(_came, day, hour)
    )
    for day in range(len(WEEKDAYS))
    for hour in HOURS
}


WAITED_ELSEWHERE = Complaint.imported & (Complaint.last_act == RECEIVE)  # no act of this office yet


@dataclass(frozen=True)
class UnitShare:
    """The number of cases led by one unit."""

    unit: int
    name: str
    count: int


@dataclass(frozen=True)
class WaitingLine:
    """The cases in one state: count, late by the SOP, waiting time of the oldest, and counts by unit."""

    state: str
    count: int
    late: int
    days: int  # calendar days that the oldest has waited; an imported case since its receipt
    units: tuple[UnitShare, ...]

    @property
    def label(self) -> str:
        return vocabulary().states[self.state]


def waiting_lines(who: Viewer, at: datetime, also: Any = None) -> tuple[WaitingLine, ...]:
    """The open states, those with the most late cases first, then by count; units only after a disposition."""
    late = pw.fn.SUM(pw.Case(None, [(is_late_by_row(at), 1)], 0))
    mine = visible(who.user, Complaint, who).where(is_open() if also is None else is_open() & also)
    since = pw.fn.MIN(pw.Case(None, [(WAITED_ELSEWHERE, Complaint.received_at)], Complaint.state_since))
    groups = mine.select(Complaint.state, Complaint.unit, pw.fn.COUNT(Complaint.id), late, since).group_by(
        Complaint.state, Complaint.unit
    )
    moment = Complaint.received_at.python_value
    by_state: dict[str, list[tuple[int | None, int, int, Any]]] = {}
    for state, unit, count, late_ones, since in groups.tuples():
        by_state.setdefault(state, []).append((unit, count, late_ones, moment(since)))
    divisions = rows_by_id(Division, [unit for rows in by_state.values() for unit, *_ in rows])
    lines = []
    for state, rows in by_state.items():
        units = [UnitShare(unit, str(divisions[unit].name), count) for unit, count, *_ in rows if unit]
        units.sort(key=lambda share: (-share.count, share.name))
        _, counts, late_counts, moments = zip(*rows, strict=True)
        lines.append(WaitingLine(state, sum(counts), sum(late_counts), (at - min(moments)).days, tuple(units)))
    return tuple(sorted(lines, key=lambda line: (-line.late, -line.count, line.label)))


@dataclass(frozen=True)
class UnitTime:
    """Working minutes of a unit for the SOP rows that only units perform."""

    name: str
    spread: TimeSpread


@dataclass(frozen=True)
class Summary:
    """Summary of a month, or of another range, for the office or some of its units."""

    period: Period
    counts: dict[str, int]  # of the range, by figures OF_MONTHS
    months: tuple[MonthLine, ...]
    waiting: tuple[WaitingLine, ...]
    slowest: UnitTime | None

    @property
    def late(self) -> int:
        """Of the cases received in the range."""
        return self.counts[LATE]

    @property
    def has_imported(self) -> bool:
        """Whether cases came from imported files in the range, which TIMED leaves out."""
        return bool(self.counts[IMPORTED])


def month_summary(who: Viewer, period: Period, at: datetime, units: Collection[int] = ()) -> Summary:
    """The summary of a range over cases visible to the user, limited to `units` if given; `waiting` is as of `at`."""
    also = (
        without_index(Complaint.unit).in_(list(units)) if units else None
    )  # the ranges are shorter than a unit's past
    months = month_lines(who, period, at, also)
    is_last = months[-1].month == period
    counts = months[-1].counts if is_last else counts_by_period(who, OF_MONTHS, [period], at, also)[0]
    waiting = waiting_lines(who, at, Complaint.unit.in_(list(units)) if units else None)
    return Summary(period, counts, months, waiting, _slowest(who, period, also))


def _of(who: Viewer, condition: Any, also: Any) -> Any:
    return visible(who.user, Complaint, who).where(condition if also is None else condition & also)


def _slowest(who: Viewer, period: Period, also: Any) -> UnitTime | None:
    """The unit with the longest median among the runs of its rows that ended in the range."""
    procedure = current_procedure()
    own_rows = [key for row in procedure.rows if row.lanes == (BIDANG,) for key in procedure.row_keys(row)]
    runs = Run.select(Run.complaint, Run.minutes).where(ran_in(period) & Run.row_key.in_(own_rows)).alias("ran")
    mine = _of(who, BY_SOP & Complaint.unit.is_null(False), also).join(runs, on=(Complaint.id == runs.c.complaint_id))
    by_unit: dict[int, list[int]] = {}
    for unit, minutes in mine.select(Complaint.unit, runs.c.minutes).tuples():
        by_unit.setdefault(unit, []).append(minutes or 0)
    spreads = {unit: spread for unit, minutes in by_unit.items() if (spread := TimeSpread.of(minutes))}
    if not spreads:
        return None
    longest = max(spreads, key=lambda unit: (spreads[unit].median, spreads[unit].ninth, -unit))
    return UnitTime(str(rows_by_id(Division, [longest])[longest].name), spreads[longest])
