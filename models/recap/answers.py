"""How many days passed until what came in within a range was answered: by group, month, unit, topic and institution."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import peewee as pw

from models.recap.figures import OTHERS, OUTSIDE, OWN
from models.recap.parts import NOBODY, PART_BY_KEY, Part
from models.recap.period import Period
from models.recap.rowtimes import MEDIAN, NINTH, percentile
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


@dataclass(frozen=True)
class AnsweredCase:
    """`group` is a place in GROUPS; `days` is None while there is no answer, or no day of it."""

    group: int
    received: date
    days: int | None
    is_open: bool
    values: Mapping[str, int | None]  # by the part's key


def answer_tables(who: Viewer, period: Period, names: Mapping[str, Mapping[str, str]]) -> tuple[AnswerTable, ...]:
    """Of what a person may open; `names` are the names of the values by part, as `Part.names` tells them."""
    by_group: dict[str, list[AnsweredCase]] = {key: [] for key in GROUPS}
    for case in _cases(who, period):
        by_group[GROUPS[case.group]].append(case)
    own, others = [*by_group["masuk-sop"], *by_group["luar"]], by_group["lain"]
    groups = (AnswerLine(group_words(key), _times(cases), key, period) for key, cases in by_group.items() if cases)
    tables = (
        AnswerTable(BY_GROUP, tuple(groups)),
        _by_month(own, period),
        *(_by_part(own, PART_BY_KEY[key], "masuk", period, names) for key in OWN_PARTS),
        _by_part(others, PART_BY_KEY[OF_OTHERS], "lain", period, names),
    )
    return tuple(table for table in tables if table.lines)


def group_words(key: str) -> str:
    return {"masuk-sop": "Menurut SOP di panel", "luar": "Selesai di luar panel", "lain": "Urusan instansi lain"}[key]


def _cases(who: Viewer, period: Period) -> Iterator[AnsweredCase]:
    received, closed = Complaint.received_at.to_timestamp(), Complaint.closed_at.to_timestamp()
    group = pw.Case(None, [(OTHERS, 2), (OUTSIDE, 1)], 0)
    is_open = pw.Case(None, [(OPEN, 1)], 0)
    keys = (*OWN_PARTS, OF_OTHERS)
    columns = (group, is_open, Complaint.elsewhere, received, closed, *(PART_BY_KEY[key].column for key in keys))
    here = (Complaint.received_at >= period.begins) & (Complaint.received_at < period.ends) & (OWN | OTHERS)
    offset = _seconds_ahead()
    for place, still, elsewhere, came, ended, *values in (
        visible(who.user, Complaint, who).where(here).select(*columns).tuples().iterator()
    ):
        first = (int(came) + offset) // DAY
        waits = bool(still) or elsewhere == UNANSWERED
        is_known = elsewhere == ANSWERED or (elsewhere == "" and GROUPS[place] != "lain")  # passed on is not answered
        days = (int(ended) + offset) // DAY - first if is_known and not waits and ended is not None else None
        yield AnsweredCase(place, _day(first), days, waits, dict(zip(keys, values, strict=True)))


def _seconds_ahead() -> int:
    """By how much the office's clock is ahead of UTC, always alike: Indonesia has no summer time."""
    return int((datetime.now(UTC).astimezone(WIB).utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=4_000)
def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _times(cases: Iterable[AnsweredCase]) -> AnswerTimes:
    days, unanswered, undated = [], 0, 0
    for case in cases:
        if case.days is not None:
            days.append(case.days)
        elif case.is_open:
            unanswered += 1
        else:
            undated += 1
    return AnswerTimes(tuple(sorted(days)), unanswered, undated)


def _by_month(cases: Iterable[AnsweredCase], period: Period) -> AnswerTable:
    by_month: dict[tuple[int, int], list[AnsweredCase]] = {}
    for case in cases:
        by_month.setdefault((case.received.year, case.received.month), []).append(case)
    months = ((Period.months_from(*month).within(period), of_it) for month, of_it in sorted(by_month.items()))
    return AnswerTable(BY_MONTH, tuple(AnswerLine(one.words, _times(of_it), "masuk", one) for one, of_it in months))


def _by_part(
    cases: Iterable[AnsweredCase], part: Part, of: str, period: Period, names: Mapping[str, Mapping[str, str]]
) -> AnswerTable:
    by_value: dict[str, list[AnsweredCase]] = {}
    for case in cases:
        value = case.values[part.key]
        by_value.setdefault(NOBODY if value is None else str(value), []).append(case)
    called = {**names[part.key], NOBODY: part.unknown}
    lines = [AnswerLine(called[value], _times(of_it), of, period, value) for value, of_it in by_value.items()]
    lines.sort(key=lambda line: (-line.times.count, line.name))
    known = lines if any(line.value != NOBODY for line in lines) else []
    return AnswerTable(part.title, tuple(known), part)
