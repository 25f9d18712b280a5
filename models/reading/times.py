"""Time statistics: days until an answer, and working time of each SOP row."""

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
    MINUTE,
    NO_VALUE,
    OTHERS,
    OWN,
    PART_BY_KEY,
    THROUGH_ROWS,
    Part,
    is_judged,
    ran_in,
    row_figure_keys,
)
from models.reading.period import Period
from models.store.base import database
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import Row
from sop.vocabulary import vocabulary

MEDIAN, NINTH = 50, 90


@dataclass(frozen=True)
class TimeSpread:
    """Median and 90th percentile, in whole minutes."""

    median: int
    ninth: int

    @classmethod
    def of(cls, minutes: Iterable[int]) -> "TimeSpread | None":
        ordered = sorted(minutes)
        return cls(percentile(ordered, MEDIAN), percentile(ordered, NINTH)) if ordered else None


def percentile(ordered: Sequence[int], share: int) -> int:
    """Percentile by nearest rank; `share` in percent."""
    return ordered[-(-len(ordered) * share // 100) - 1]


@dataclass(frozen=True)
class RowStatistics(OfRow):
    """One SOP row: number of cases with ended runs that are judged, number of late ones, the spread of their times, and
    number of cases whose ended runs are not judged."""

    no: int  # 0: no longer in the table
    row: Row
    standard: str  # norms by which the runs were measured
    cases: int
    late: int
    working: TimeSpread | None
    calendar: TimeSpread | None
    unjudged: int

    @property
    def keys(self) -> tuple[str, str]:
        """Keys of the figures that count its cases, and the late ones among them."""
        return row_figure_keys(self.row)

    @property
    def short(self) -> str:
        """Label of a chart bar."""
        return f"Baris {self.no}" if self.no else self.row.title


@dataclass
class _Runs:
    norms: dict[Any, None] = field(default_factory=dict)  # ordered set of raw column values
    cases: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    unjudged: set[int] = field(default_factory=set)
    working: list[int] = field(default_factory=list)
    calendar: list[int] = field(default_factory=list)


def row_statistics(who: Viewer, period: Period, also: Any = True) -> tuple[RowStatistics, ...]:
    """Statistics of every row of the present table, followed by removed rows that have runs."""
    by_row = {row.key: _Runs() for row in vocabulary().rows}
    mine = (
        visible(who.user, Complaint, who)
        .where(THROUGH_ROWS & (Complaint.id == Run.complaint))
        .where(also)
        .select(pw.SQL("1"))
    )
    spent = Run.ended_at.to_timestamp() - Run.started_at.to_timestamp()
    late = pw.Case(None, [(Run.ended_at > Run.due_at, 1)], 0)
    judged = pw.Case(None, [(is_judged(), 1)], 0)
    columns = (Run.row_key, Run.norm, Run.complaint, Run.minutes, spent, late, judged)
    runs = Run.select(*columns).where(ran_in(period) & pw.fn.EXISTS(mine))
    for key, norm, case, minutes, seconds, was_late, was_judged in database.execute(runs.order_by(Run.id)):
        row = vocabulary().row_named(key)
        of_row = by_row[row.key]
        if not was_judged:
            of_row.unjudged.add(case)
            continue
        of_row.norms[norm] = None
        of_row.cases.add(case)
        if was_late:
            of_row.late.add(case)
        of_row.calendar.append(int(seconds) // MINUTE)
        if minutes is not None:
            of_row.working.append(minutes)
    statistics = []
    for row in vocabulary().rows:
        of_row, no = by_row[row.key], current_procedure().row_number(row.key)
        if no or of_row.cases:
            standard = norms_in_words(map(Run.norm.python_value, of_row.norms)) or (str(row.norm) if no else "")
            unjudged = len(of_row.unjudged - of_row.cases)
            spreads = TimeSpread.of(of_row.working), TimeSpread.of(of_row.calendar)
            statistics.append(RowStatistics(no, row, standard, len(of_row.cases), len(of_row.late), *spreads, unjudged))
    return tuple(statistics)


DAY, EPOCH = 86_400, date(1970, 1, 1)
GROUPS = ("masuk-sop", "luar", "lain")  # the figures that count all of each group
BY_GROUP, BY_MONTH, OF_OTHERS = "Kelompok", "Bulan diterima", "instansi"
OWN_PARTS = ("unit", "topik")
TABLE_KEYS = {BY_GROUP: "kelompok", BY_MONTH: "bulan", **{key: key for key in (*OWN_PARTS, OF_OTHERS)}}  # in addresses
FIGURE_KEYS = {  # by the figure of all: keys of the figures of answered, unanswered, and undated cases
    "masuk": ("dijawab", "belum", "luar-tanpa-tanggal"),
    "masuk-sop": ("dijawab-sop", "belum", ""),
    "luar": ("dijawab-luar", "", "luar-tanpa-tanggal"),
    "lain": ("lain-terjawab", "lain-belum", "lain-tanpa-hari"),
}
HEADS = ("Diterima", "Dijawab", "Median hari", "Persentil 90 hari", "Belum dijawab", "Tanpa tanggal jawab")
MEANING = (
    "Hari kalender dari tanggal diterima sampai tanggal dijawab atau berakhir, dari yang diterima dalam rentang ini: "
    "separuhnya dijawab secepat median, sembilan dari sepuluh secepat persentil ke-90."
)


@dataclass(frozen=True)
class AnswerTimes:
    """Cases of a range: sorted calendar days until the answer, the number of unanswered cases, and of cases answered on
    an unknown day."""

    days: tuple[int, ...]
    unanswered: int
    undated: int

    @property
    def count(self) -> int:
        return len(self.days) + self.unanswered + self.undated

    @property
    def median(self) -> int | None:
        """Days, by nearest rank."""
        return percentile(self.days, MEDIAN) if self.days else None

    @property
    def ninth(self) -> int | None:
        return percentile(self.days, NINTH) if self.days else None


@dataclass(frozen=True)
class AnswerLine:
    """The times of one value; its counts link to the figure `of` in `period`, filtered by the part's `value`."""

    name: str
    times: AnswerTimes
    of: str
    period: Period
    value: str = NO_VALUE

    @property
    def counts(self) -> tuple[tuple[int | None, str], ...]:
        """Counts in the order of HEADS, each with the key of its figure, "" if there is none."""
        answered, unanswered, undated = FIGURE_KEYS[self.of]
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
    """One breakdown of answer times; `part` is the recap's breakdown, if it is one of those."""

    title: str
    lines: tuple[AnswerLine, ...]
    part: Part | None = None
    is_of_parts = False

    @property
    def key(self) -> str:
        """Its key in URLs."""
        return TABLE_KEYS[self.part.key if self.part else self.title]


AnsweredCase = tuple[int, bool, int | None, tuple[int, int], Sequence[int | None]]  # as yielded by `_cases`


class _TimesBuilder:
    """Collects the answer times of one line."""

    def __init__(self) -> None:
        self.days, self.unanswered, self.undated = list[int](), 0, 0

    def done(self) -> AnswerTimes:
        return AnswerTimes(tuple(sorted(self.days)), self.unanswered, self.undated)


DAYS_KEY = "hari"  # URL key of all tables; followed by a table's key for one of them


def answer_tables(who: Viewer, period: Period) -> tuple[AnswerTable, ...]:
    """The tables of answer times over cases visible to the user; only those with lines."""
    keys = (BY_GROUP, BY_MONTH, *OWN_PARTS, OF_OTHERS)
    by_value: dict[str, dict[Any, _TimesBuilder]] = {key: defaultdict(_TimesBuilder) for key in keys}
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
    """For each case: index in GROUPS, whether it is unanswered, days until the answer (None if not known), year and
    month of receipt, and (unit, topic, institution)."""
    received, closed = Complaint.received_at.to_timestamp(), Complaint.closed_at.to_timestamp()
    group, still_open = pw.Case(None, [(OTHERS, 2), (IS_OUTSIDE, 1)], 0), pw.Case(None, [(is_open(), 1)], 0)
    parts = [PART_BY_KEY[key].column for key in (*OWN_PARTS, OF_OTHERS)]
    within = (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends) & (OWN | OTHERS)
    query = visible(who.user, Complaint, who).where(within)
    ahead = datetime.now(UTC).astimezone(WIB).utcoffset() or timedelta()  # constant: no daylight saving time
    offset, months = int(ahead.total_seconds()), dict[int, tuple[int, int]]()
    rows = database.execute(query.select(group, still_open, Complaint.elsewhere, received, closed, *parts))
    for place, still, elsewhere, came, ended, *values in rows:
        first = (int(came) + offset) // DAY
        if first not in months:
            day = EPOCH + timedelta(days=first)
            months[first] = day.year, day.month
        waits = bool(still) or elsewhere == UNANSWERED
        is_known = elsewhere == ANSWERED or (elsewhere == "" and GROUPS[place] != "lain")  # forwarding is not an answer
        days = (int(ended) + offset) // DAY - first if is_known and not waits and ended is not None else None
        yield place, waits, days, months[first], values


def _by_group(by_group: Mapping[int, _TimesBuilder], period: Period) -> AnswerTable:
    known = ((key, by_group[place]) for place, key in enumerate(GROUPS) if place in by_group)
    return AnswerTable(BY_GROUP, tuple(AnswerLine(group_words(key), of.done(), key, period) for key, of in known))


def _by_month(by_month: Mapping[tuple[int, int], _TimesBuilder], period: Period) -> AnswerTable:
    months = ((Period.months_from(*month).within(period), of) for month, of in sorted(by_month.items()))
    return AnswerTable(BY_MONTH, tuple(AnswerLine(month.words, of.done(), "masuk", month) for month, of in months))


def _by_part(by_value: Mapping[int | None, _TimesBuilder], part: Part, of: str, period: Period) -> AnswerTable:
    names = {**part.names(), None: part.unknown}
    lines = [
        AnswerLine(names[value], times.done(), of, period, NO_VALUE if value is None else str(value))
        for value, times in by_value.items()
    ]
    lines.sort(key=lambda line: (-line.times.count, line.name))
    known = lines if any(line.value != NO_VALUE for line in lines) else []
    return AnswerTable(part.title, tuple(known), part)
