"""Monthly summary: counts by month, week and hour, open cases by state and unit, and the slowest unit."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial, reduce
from itertools import takewhile
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint, Run, is_late_by_row, is_open
from models.complaint.scope import FALSE, Viewer, is_readable, shape, visible
from models.office.people import Division
from models.reading.figures import BY_KEY, BY_SOP, ENDED, ENDED_LATE, OWN, RECEIVED, RecapFigure
from models.reading.period import Period
from models.reading.times import TimeSpread
from models.store import prepared
from models.store.base import database, union_all
from models.store.master_cache import rows_by_id
from sop.access import HEAD
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import BIDANG
from sop.vocabulary import RECEIVE, vocabulary
from sop.words import SHORT_MONTHS, WEEKDAYS, day_of, in_wib

MONTHS_BACK = 13  # starts with the same month of the year before
MOMENTS = {RECEIVED: Complaint.received_at, ENDED: Complaint.closed_at}
LATE, IMPORTED = "lewat-sop", "impor"
OF_MONTHS = ("masuk", "luar", "selesai", "selesai-luar", "lain", "lain-dijawab")  # figures
OF_RANGE = (LATE, IMPORTED)  # further figures, which each case that came must be asked for: not of the months before


@dataclass(frozen=True)
class MonthLine:
    """One month with the figures OF_MONTHS by key; the range itself also with those OF_RANGE."""

    month: Period
    counts: dict[str, int]

    @property
    def received(self) -> int:
        return self.counts["masuk"]

    @property
    def ended(self) -> int:
        return self.counts["selesai"]


def month_lines(
    who: Viewer, last: Period, at: datetime, units: Collection[int] = (), count: int = MONTHS_BACK
) -> tuple[MonthLine, ...]:
    """`count` months up to the end of a range, over cases visible to the user; only of these units if any."""
    months = [Period.months_from(last.last.year, last.last.month - back) for back in reversed(range(count))]
    of_last = OF_RANGE if months[-1] == last else ()
    return tuple(map(MonthLine, months, counts_by_period(who, OF_MONTHS, months, at, units, of_last)))


def counts_by_period(
    who: Viewer,
    keys: Sequence[str],
    periods: Sequence[Period],
    at: datetime,
    units: Collection[int] = (),
    of_last: Sequence[str] = (),
) -> list[dict[str, int]]:
    """The figures of several ranges, and more of the last one, in one statement. Each is counted by itself, as the
    index of its MOMENT gives the cases of each state by time: to count a row costs a tenth of asking it for every
    figure."""
    bounds = {
        name: Complaint.received_at.db_value(moment)
        for place, period in enumerate(periods)
        for name, moment in ((f"begins{place}", period.begins), (f"ends{place}", period.ends))
    }
    key = ("counts_by_period", *shape(who), tuple(keys), len(periods), tuple(units), tuple(of_last))
    rows = prepared.run(
        key, lambda: _counts(who, keys, periods, units, of_last), at=Complaint.received_at.db_value(at), **bounds
    )
    counted = [dict(zip((*keys, *of_last), counts, strict=True)) for _, *counts in sorted(rows)]
    return [{key: counts[key] for key in keys} for counts in counted[:-1]] + counted[-1:]


def _counts(
    who: Viewer, keys: Sequence[str], periods: Sequence[Period], units: Collection[int], of_last: Sequence[str]
) -> Any:
    """For each range its place and its figures; only of RECEIVED and ENDED, whose conditions do not depend on it."""
    spans = union_all(
        pw.Select(
            columns=[
                pw.SQL(str(place)).alias("place"),
                prepared.moment_slot(f"begins{place}").alias("begins"),
                prepared.moment_slot(f"ends{place}").alias("ends"),
            ]
        )
        for place in range(len(periods))
    ).alias("span")
    counts = []
    for figure in (BY_KEY[key] for key in (*keys, *of_last)):
        moment = MOMENTS[figure.base]
        within = (moment >= spans.c.begins) & (moment < spans.c.ends)
        which = _with_listed_states(figure.which(periods[-1], prepared.slot("at")))
        count = _cases(who, units).where(within & which).select(pw.fn.COUNT(Complaint.id))
        is_last = spans.c.place == len(periods) - 1
        counts.append(count if figure.key in keys else pw.Case(None, [(is_last, count)]))
    return pw.Select([spans], [spans.c.place, *counts]).bind(database).tuples()


def _with_listed_states(condition: Any) -> Any:
    """The condition with the states that it counts where it names those that it does not, which no index finds."""
    if not isinstance(condition, pw.Expression):
        return condition
    if condition.op == pw.OP.AND:
        return _with_listed_states(condition.lhs) & _with_listed_states(condition.rhs)
    if condition.op == pw.OP.NOT_IN and condition.lhs is Complaint.state:
        return Complaint.state.in_(sorted({*vocabulary().states} - {*condition.rhs}))
    return condition


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
    return f"sebelum {hour + 1:02}" if hour == FIRST else f"{hour:02} ke atas" if hour == LAST else f"{hour:02}"


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


def waiting_lines(who: Viewer, at: datetime, units: Collection[int] = ()) -> tuple[WaitingLine, ...]:
    """The open states, those with the most late cases first, then by count; units only after a disposition."""
    key = ("waiting_lines", *shape(who), tuple(units))
    groups = prepared.run(key, lambda: _waiting(who, units), at=Complaint.row_due_at.db_value(at))
    moment = Complaint.received_at.python_value
    by_state: dict[str, list[tuple[int | None, int, int, Any]]] = {}
    for state, unit, count, late_ones, since in groups:
        by_state.setdefault(state, []).append((unit, count, late_ones, moment(since)))
    divisions = rows_by_id(Division, [unit for rows in by_state.values() for unit, *_ in rows])
    lines = []
    for state, rows in by_state.items():
        shares = [UnitShare(unit, str(divisions[unit].name), count) for unit, count, *_ in rows if unit]
        shares.sort(key=lambda share: (-share.count, share.name))
        _, counts, late_counts, moments = zip(*rows, strict=True)
        lines.append(WaitingLine(state, sum(counts), sum(late_counts), (at - min(moments)).days, tuple(shares)))
    return tuple(sorted(lines, key=lambda line: (-line.late, -line.count, line.label)))


def _waiting(who: Viewer, units: Collection[int]) -> Any:
    late = pw.fn.SUM(pw.Case(None, [(is_late_by_row(prepared.slot("at")), 1)], 0))
    since = pw.fn.MIN(pw.Case(None, [(WAITED_ELSEWHERE, Complaint.received_at)], Complaint.state_since))
    columns = (Complaint.state, Complaint.unit, pw.fn.COUNT(Complaint.id), late, since)
    groups = _cases(who, units).where(is_open()).select(*columns)
    return groups.group_by(Complaint.state, Complaint.unit).tuples()


@dataclass(frozen=True)
class UnitTime:
    """Working minutes of a unit for the SOP rows that only units perform."""

    name: str
    spread: TimeSpread


@dataclass(frozen=True)
class Summary:
    """Summary of a month, or of another range, for the office or some of its units."""

    period: Period
    counts: dict[str, int]  # of the range, by figures OF_MONTHS and OF_RANGE
    months: tuple[MonthLine, ...]
    waiting: tuple[WaitingLine, ...]
    slowest: UnitTime | None  # of the office

    @property
    def begun_months(self) -> tuple[MonthLine, ...]:
        """The months since the first one in which anything was counted; at least two, so that there is a line."""
        empty = len(list(takewhile(lambda line: not any(line.counts.values()), self.months)))
        return self.months[min(empty, len(self.months) - 2) :]

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
    months = month_lines(who, period, at, units)
    is_last = months[-1].month == period
    counts = months[-1].counts if is_last else counts_by_period(who, (*OF_MONTHS, *OF_RANGE), [period], at, units)[0]
    return Summary(period, counts, months, waiting_lines(who, at, units), None if units else _slowest(who, period))


def _cases(who: Viewer, units: Collection[int]) -> Any:
    """The cases visible to the user; only of these units if any. A head's own are counted by their unit alone, from an
    index."""
    if not units:
        return visible(who.user, Complaint, who)
    known = [HEAD] if who.heads.issuperset(units) else []
    return Complaint.select().where(Complaint.unit.in_(sorted(units)) & is_readable(who, known=known))


def _slowest(who: Viewer, period: Period) -> UnitTime | None:
    """The unit with the longest median among the runs of its rows that ended in the range."""
    bounds = {"begins": Run.ended_at.db_value(period.begins), "ends": Run.ended_at.db_value(period.ends)}
    key = ("minutes_by_unit", *shape(who))
    by_unit: dict[int, list[int]] = {}
    for unit, minutes, runs in prepared.run(key, lambda: _minutes_by_unit(who), **bounds):
        by_unit.setdefault(unit, []).extend([minutes or 0] * runs)
    spreads = {unit: spread for unit, minutes in by_unit.items() if (spread := TimeSpread.of(minutes))}
    if not spreads:
        return None
    longest = max(spreads, key=lambda unit: (spreads[unit].median, spreads[unit].ninth, -unit))
    return UnitTime(str(rows_by_id(Division, [longest])[longest].name), spreads[longest])


def _minutes_by_unit(who: Viewer) -> Any:
    """The unit, minutes, and how many runs of it took them."""
    procedure = current_procedure()
    own_rows = [key for row in procedure.rows if row.lanes == (BIDANG,) for key in procedure.row_keys(row)]
    ended = (Run.ended_at >= prepared.slot("begins")) & (Run.ended_at < prepared.slot("ends"))
    runs = Run.select(Run.complaint, Run.minutes).where(ended & Run.row_key.in_(own_rows)).alias("ran")
    mine = visible(who.user, Complaint, who).where(BY_SOP & Complaint.unit.is_null(False))
    joined = mine.join(runs, on=(Complaint.id == runs.c.complaint_id)).group_by(Complaint.unit, runs.c.minutes)
    return joined.select(Complaint.unit, runs.c.minutes, pw.fn.COUNT(Complaint.id)).tuples()
