"""How long things took: days until an answer, and the working time of each row of the SOP."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import peewee as pw

from models.case.clocks import OfRow, norms_in_words
from models.complaint.complaint import ANSWERED, UNANSWERED, Complaint, Run, is_open
from models.complaint.scope import Viewer, visible
from models.reading.figures import (
    IS_OUTSIDE,
    NOBODY,
    OTHERS,
    OWN,
    PART_BY_KEY,
    THROUGH_ROWS,
    Part,
    ran_in,
    row_figure_keys,
)
from models.reading.period import Period
from models.store.base import database
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import Row
from sop.vocabulary import vocabulary

MINUTE = 60
MEDIAN, NINTH = 50, 90


@dataclass(frozen=True)
class TimeSpread:
    """Of many times the one in the middle and the one that nine of ten do not exceed, in whole minutes."""

    median: int
    ninth: int

    @classmethod
    def of(cls, minutes: Iterable[int]) -> "TimeSpread | None":
        ordered = sorted(minutes)
        return cls(percentile(ordered, MEDIAN), percentile(ordered, NINTH)) if ordered else None


def percentile(ordered: Sequence[int], share: int) -> int:
    """By nearest rank: the smallest that at least so many of a hundred do not exceed."""
    return ordered[-(-len(ordered) * share // 100) - 1]


@dataclass(frozen=True)
class RowStatistics(OfRow):
    """One row of the SOP: how many cases went through it, how many of them late, and how long its runs took."""

    no: int  # 0: the table has it no more
    row: Row
    standard: str  # by what the runs were measured
    cases: int
    late: int
    working: TimeSpread | None
    calendar: TimeSpread | None

    @property
    def keys(self) -> tuple[str, str]:
        """Of the figures that count its cases, and those of them that were late."""
        return row_figure_keys(self.row)

    @property
    def short(self) -> str:
        """Beside a bar."""
        return f"Baris {self.no}" if self.no else self.row.title


@dataclass
class _Runs:
    norms: dict[Any, None] = field(default_factory=dict)  # as the column holds them, in the order of the runs
    cases: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    working: list[int] = field(default_factory=list)
    calendar: list[int] = field(default_factory=list)


def row_statistics(who: Viewer, period: Period, also: Any = True) -> tuple[RowStatistics, ...]:
    """Every row of the table, also one that nothing went through; behind them what it has no more and was gone
    through."""
    by_row = {row.key: _Runs() for row in vocabulary().rows}
    mine = (
        visible(who.user, Complaint, who)
        .where(THROUGH_ROWS & (Complaint.id == Run.complaint))
        .where(also)
        .select(pw.SQL("1"))
    )
    spent = Run.ended_at.to_timestamp() - Run.started_at.to_timestamp()
    late = pw.Case(None, [(Run.ended_at > Run.due_at, 1)], 0)
    columns = (Run.row_key, Run.norm, Run.complaint, Run.minutes, spent, late)
    runs = Run.select(*columns).where(ran_in(period) & pw.fn.EXISTS(mine))
    for key, norm, case, minutes, seconds, was_late in database.execute(runs.order_by(Run.id)):
        _add(by_row[vocabulary().row_named(key).key], norm, case, minutes, int(seconds) // MINUTE, bool(was_late))
    made = (_statistics(row, by_row[row.key]) for row in vocabulary().rows)
    return tuple(row for row in made if row.no or row.cases)


def _add(runs: _Runs, norm: Any, case: int, minutes: int | None, calendar: int, late: bool) -> None:
    runs.norms[norm] = None
    runs.cases.add(case)
    runs.calendar.append(calendar)
    if minutes is not None:
        runs.working.append(minutes)
    if late:
        runs.late.add(case)


def _statistics(row: Row, runs: _Runs) -> RowStatistics:
    spreads = TimeSpread.of(runs.working), TimeSpread.of(runs.calendar)
    no = current_procedure().row_number(row.key)
    standard = norms_in_words(map(Run.norm.python_value, runs.norms)) or (str(row.norm) if no else "")
    return RowStatistics(no, row, standard, len(runs.cases), len(runs.late), *spreads)


DAY, EPOCH = 86_400, date(1970, 1, 1)
GROUPS = ("masuk-sop", "luar", "lain")  # the figures that count all of each group
BY_GROUP, BY_MONTH, OF_OTHERS = "Kelompok", "Bulan diterima", "instansi"
OWN_PARTS = ("unit", "topik")
TABLE_KEYS = {BY_GROUP: "kelompok", BY_MONTH: "bulan", **{key: key for key in (*OWN_PARTS, OF_OTHERS)}}  # in addresses
BESIDE = {  # by the figure that counts all: those of the answered, of the unanswered, of those whose day is not known
    "masuk": ("dijawab", "belum", "luar-tanpa-tanggal"),
    "masuk-sop": ("dijawab-sop", "belum", ""),
    "luar": ("dijawab-luar", "", "luar-tanpa-tanggal"),
    "lain": ("lain-terjawab", "lain-belum", "lain-tanpa-tanggal"),
}
HEADS = ("Diterima", "Dijawab", "Median hari", "Persentil 90 hari", "Belum dijawab", "Tanpa tanggal jawab")
MEANING = (
    "Hari kalender dari tanggal diterima sampai tanggal dijawab atau berakhir, dari yang diterima dalam rentang ini: "
    "separuhnya dijawab secepat median, sembilan dari sepuluh secepat persentil ke-90."
)


@dataclass(frozen=True)
class AnswerTimes:
    """Cases of a range: the calendar days until each was answered, in order; how many are not yet, and how many have an
    answer whose day is not known."""

    days: tuple[int, ...]
    unanswered: int
    undated: int

    @property
    def count(self) -> int:
        return len(self.days) + self.unanswered + self.undated

    @property
    def median(self) -> int | None:
        """By nearest rank, as all percentiles of the panel."""
        return percentile(self.days, MEDIAN) if self.days else None

    @property
    def ninth(self) -> int | None:
        return percentile(self.days, NINTH) if self.days else None


@dataclass(frozen=True)
class AnswerLine:
    """What is told of one value: where its figures lead to is the figure `of`, in `period`, of the part's value."""

    name: str
    times: AnswerTimes
    of: str
    period: Period
    value: str = NOBODY

    @property
    def counts(self) -> tuple[tuple[int | None, str], ...]:
        """In the order of HEADS, each with the figure that counts the same cases, "" if none does."""
        answered, unanswered, undated = BESIDE[self.of]
        t = self.times
        return (
            (t.count, self.of),
            (len(t.days), answered),
            (t.median, ""),
            (t.ninth, ""),
            (t.unanswered, unanswered),
            (t.undated, undated),
        )


@dataclass(frozen=True)
class AnswerTable:
    """One way of telling them apart; `part` is that of the recap, if it is one."""

    title: str
    lines: tuple[AnswerLine, ...]
    part: Part | None = None
    is_of_parts = False

    @property
    def key(self) -> str:
        """By which an address names it."""
        return TABLE_KEYS[self.part.key if self.part else self.title]


AnsweredCase = tuple[int, bool, int | None, tuple[int, int], Sequence[int | None]]  # as `_cases` tells them


class _Times:
    """Those of one line, as they are gathered."""

    def __init__(self) -> None:
        self.days, self.unanswered, self.undated = list[int](), 0, 0

    def done(self) -> AnswerTimes:
        return AnswerTimes(tuple(sorted(self.days)), self.unanswered, self.undated)


DAYS_KEY = "hari"  # by which an address asks for all tables; followed by a table's key for one of them


def answer_tables(who: Viewer, period: Period) -> tuple[AnswerTable, ...]:
    """Of what a person may open."""
    keys = (BY_GROUP, BY_MONTH, *OWN_PARTS, OF_OTHERS)
    by_value: dict[str, dict[Any, _Times]] = {key: defaultdict(_Times) for key in keys}
    own = [by_value[BY_MONTH], *(by_value[key] for key in OWN_PARTS)]
    for place, waits, days, month, (unit, topic, institution) in _cases(who, period):
        lines = [by_value[BY_GROUP][place]]
        if GROUPS[place] == "lain":
            lines.append(by_value[OF_OTHERS][institution])
        else:
            lines += [of_table[value] for of_table, value in zip(own, (month, unit, topic), strict=True)]
        for line in lines:
            if days is not None:
                line.days.append(days)
            elif waits:
                line.unanswered += 1
            else:
                line.undated += 1
    tables = (
        _by_group(by_value[BY_GROUP], period),
        _by_month(by_value[BY_MONTH], period),
        *(_by_part(by_value[key], PART_BY_KEY[key], "masuk", period) for key in OWN_PARTS),
        _by_part(by_value[OF_OTHERS], PART_BY_KEY[OF_OTHERS], "lain", period),
    )
    return tuple(table for table in tables if table.lines)


def group_words(key: str) -> str:
    return {"masuk-sop": "Menurut SOP di panel", "luar": "Selesai di luar panel", "lain": "Urusan instansi lain"}[key]


def _cases(who: Viewer, period: Period) -> Iterator[AnsweredCase]:
    """Of each case its place in GROUPS, whether an answer is waited for, the days until it if it came on a known day,
    year and month of its receipt, and its unit, topic and institution."""
    received, closed = Complaint.received_at.to_timestamp(), Complaint.closed_at.to_timestamp()
    group, still_open = pw.Case(None, [(OTHERS, 2), (IS_OUTSIDE, 1)], 0), pw.Case(None, [(is_open(), 1)], 0)
    parts = [PART_BY_KEY[key].column for key in (*OWN_PARTS, OF_OTHERS)]
    here = (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends) & (OWN | OTHERS)
    query = visible(who.user, Complaint, who).where(here)
    offset, months = _seconds_ahead(), dict[int, tuple[int, int]]()
    rows = database.execute(query.select(group, still_open, Complaint.elsewhere, received, closed, *parts))
    for place, still, elsewhere, came, ended, *values in rows:
        first = (int(came) + offset) // DAY
        if first not in months:
            day = EPOCH + timedelta(days=first)
            months[first] = day.year, day.month
        waits = bool(still) or elsewhere == UNANSWERED
        is_known = elsewhere == ANSWERED or (elsewhere == "" and GROUPS[place] != "lain")  # passed on is not answered
        days = (int(ended) + offset) // DAY - first if is_known and not waits and ended is not None else None
        yield place, waits, days, months[first], values


def _seconds_ahead() -> int:
    """By how much the office's clock is ahead of UTC, always alike: Indonesia has no summer time."""
    return int((datetime.now(UTC).astimezone(WIB).utcoffset() or timedelta()).total_seconds())


def _by_group(by_group: Mapping[int, _Times], period: Period) -> AnswerTable:
    known = ((key, by_group[place]) for place, key in enumerate(GROUPS) if place in by_group)
    return AnswerTable(BY_GROUP, tuple(AnswerLine(group_words(key), of.done(), key, period) for key, of in known))


def _by_month(by_month: Mapping[tuple[int, int], _Times], period: Period) -> AnswerTable:
    months = ((Period.months_from(*month).within(period), of) for month, of in sorted(by_month.items()))
    return AnswerTable(BY_MONTH, tuple(AnswerLine(one.words, of.done(), "masuk", one) for one, of in months))


def _by_part(by_value: Mapping[int | None, _Times], part: Part, of: str, period: Period) -> AnswerTable:
    names = {**part.names(), None: part.unknown}
    lines = [
        AnswerLine(names[value], times.done(), of, period, NOBODY if value is None else str(value))
        for value, times in by_value.items()
    ]
    lines.sort(key=lambda line: (-line.times.count, line.name))
    known = lines if any(line.value != NOBODY for line in lines) else []
    return AnswerTable(part.title, tuple(known), part)
