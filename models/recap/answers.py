"""How many days passed until what came in within a range was answered: by group, month, unit, topic and institution."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import peewee as pw

from models.recap.figures import OTHERS, OUTSIDE, OWN
from models.recap.parts import NOBODY, PART_BY_KEY, Part
from models.recap.period import Period
from models.recap.rowtimes import MEDIAN, NINTH, percentile
from models.store.base import database
from models.tables.complaint import ANSWERED, UNANSWERED, Complaint
from models.tables.late import OPEN
from models.tables.scope import Viewer, visible
from sop.clock import WIB

DAY, EPOCH = 86_400, date(1970, 1, 1)
GROUPS = ("masuk-sop", "luar", "lain")  # the figures that count all of each group
BY_GROUP, BY_MONTH, OF_OTHERS = "Kelompok", "Bulan diterima", "instansi"
OWN_PARTS = ("unit", "topik")
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
        return self.part.key if self.part else {BY_GROUP: "kelompok", BY_MONTH: "bulan"}[self.title]


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
    group, is_open = pw.Case(None, [(OTHERS, 2), (OUTSIDE, 1)], 0), pw.Case(None, [(OPEN, 1)], 0)
    parts = [PART_BY_KEY[key].column for key in (*OWN_PARTS, OF_OTHERS)]
    here = (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends) & (OWN | OTHERS)
    query = visible(who.user, Complaint, who).where(here)
    offset, months = _seconds_ahead(), dict[int, tuple[int, int]]()
    rows = database.execute(query.select(group, is_open, Complaint.elsewhere, received, closed, *parts))
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
