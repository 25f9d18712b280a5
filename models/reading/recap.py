"""The recap: all figures of one range of days, over the cases visible to a user; and the export of its cases."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain
from operator import add, itemgetter
from typing import Any

import peewee as pw

from models.complaint.complaint import ENDED_ON_A_DAY, Complaint
from models.complaint.scope import Viewer, visible
from models.office.lists import Kelurahan
from models.reading.figures import (
    BASES,
    BY_KEY,
    FIGURES,
    FOUND_BY_RECORDS,
    NO_VALUE,
    OF_PARTS,
    PART_BY_KEY,
    PARTS,
    Name,
    Part,
    RecapFigure,
    kecamatan_by_kelurahan,
    value_of,
)
from models.reading.period import Period
from models.reading.times import AnswerTable, RowStatistics, answer_tables, row_statistics
from models.store.base import among, database, labels_of, snapshot, union_all
from sop.access import SECRECY
from sop.vocabulary import vocabulary
from sop.words import in_a_sentence

Counts = Counter[str]  # by the figure's key


@dataclass(frozen=True)
class FigureLine:
    """One figure of the range, of the preceding range and of the same range a year ago."""

    figure: RecapFigure
    now: int
    before: int
    year_ago: int

    @property
    def is_any(self) -> bool:
        return bool(self.now or self.before or self.year_ago)

    def counts(self, compared: Mapping[str, Period]) -> list[tuple[Period, int]]:
        """The ranges that `compared_periods` names, each with its count."""
        return [(period, getattr(self, name)) for name, period in compared.items()]


def compared_periods(period: Period) -> dict[str, Period]:
    """The range and those beside which it is shown, by the names of their counts, each range once: what lies before a
    year is the year ago."""
    compared = {"now": period, "before": period.before, "year_ago": period.year_ago}
    first = {each: name for name, each in reversed(compared.items())}
    return {name: each for name, each in compared.items() if first[each] == name}


def periods_with_data(period: Period, lines: Collection[FigureLine]) -> dict[str, Period]:
    """The range and those of `compared_periods` of which anything is counted: where nothing is, nothing is compared."""
    compared = compared_periods(period)
    return {
        name: each for name, each in compared.items() if name == "now" or any(getattr(line, name) for line in lines)
    }


def words_of_lacking(period: Period, lines: Collection[FigureLine]) -> str:
    """The sentence that says which ranges are not shown for comparison; "" if all are."""
    shown = periods_with_data(period, lines).values()
    lacking = [each for each in compared_periods(period).values() if each not in shown]
    names = " dan ".join(period_in_a_sentence(each) for each in lacking)
    return f"Tidak dibandingkan dengan {names}: tidak ada pengaduan yang terhitung." if lacking else ""


def period_in_a_sentence(period: Period) -> str:
    """tahun 2026, triwulan IV 2026, but November 2026."""
    return period.words if period.months == 1 else in_a_sentence(period.words)


def listed_lines(lines: Iterable[FigureLine]) -> list[FigureLine]:
    """The lines without those whose `depends_on` figure is zero in all three ranges."""
    by_key = {line.figure.key: line for line in lines}
    return [line for line in by_key.values() if not line.figure.depends_on or by_key[line.figure.depends_on].is_any]


def listed_figures(lines: Iterable[FigureLine], keys: Iterable[str] = OF_PARTS) -> list[RecapFigure]:
    listed = {line.figure.key for line in listed_lines(lines)}
    return [BY_KEY[key] for key in keys if key in listed]


@dataclass(frozen=True)
class PartLine:
    """One value of a breakdown, as in URLs and in words, with its counts in the order of the part's figures."""

    value: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class PartTable:
    """The counts of a recap broken down by one part."""

    part: Part
    lines: tuple[PartLine, ...]
    is_of_parts = True

    @property
    def title(self) -> str:
        return self.part.title

    @property
    def figures(self) -> tuple[RecapFigure, ...]:
        return tuple(BY_KEY[key] for key in self.part.figures)

    @property
    def listed_figures(self) -> list[RecapFigure]:
        """The figures to list: without those whose `depends_on` figure is zero in every line."""
        nonzero = {key for place, key in enumerate(self.part.figures) if any(line.counts[place] for line in self.lines)}
        return [figure for figure in self.figures if not figure.depends_on or figure.depends_on in nonzero]

    def columns(self, listed: Collection[RecapFigure]) -> list[tuple[int, RecapFigure]]:
        """The listed figures, each with its index in a line's counts."""
        return [(place, figure) for place, figure in enumerate(self.figures) if figure in listed]


@dataclass(frozen=True)
class Recap:
    """All counts of a range of days at one moment."""

    period: Period
    at: datetime
    lines: tuple[FigureLine, ...]
    rows: tuple[RowStatistics, ...]
    parts: tuple[PartTable, ...]
    answers: tuple[AnswerTable, ...]

    @property
    def compared(self) -> dict[str, Period]:
        return periods_with_data(self.period, self.lines)

    @property
    def lacking(self) -> str:
        return words_of_lacking(self.period, self.lines)

    @property
    def listed_lines(self) -> list[FigureLine]:
        return listed_lines(self.lines)

    @property
    def listed_figures(self) -> list[RecapFigure]:
        """The figures listed in the breakdowns."""
        return listed_figures(self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether all counts of the range are zero."""
        return not any(line.now for line in self.lines) and not any(row.cases for row in self.rows)


def recap(who: Viewer, period: Period, at: datetime, parts: Sequence[Part] = PARTS, *, answers: bool = True) -> Recap:
    """The recap of a range with all breakdowns or these, read in one snapshot."""
    with snapshot():
        lines, rows = figure_lines(who, period, at), row_statistics(who, period)
        tables = part_tables(who, period, at, parts) if parts else ()
        return Recap(period, at, lines, rows, tables, answer_tables(who, period) if answers else ())


def figure_lines(who: Viewer, period: Period, at: datetime) -> tuple[FigureLine, ...]:
    """Every figure of a range with those of the ranges that it is compared with."""
    periods = tuple(compared_periods(period).values())
    totals = _totals(who, periods, at)
    for counted, counts in _counts_by_records(who, periods, at).items():
        totals[counted].update(counts)
    now, before, year_ago = (totals[counted] for counted in (period, period.before, period.year_ago))
    return tuple(FigureLine(figure, now[figure.key], before[figure.key], year_ago[figure.key]) for figure in FIGURES)


def _totals(who: Viewer, periods: Sequence[Period], at: datetime) -> dict[Period, Counts]:
    """Counts of the figures that are found by the cases themselves, for all ranges in one statement."""
    by_base = {base: figures for base, figures in _by_base(FIGURES).items() if base not in FOUND_BY_RECORDS}
    widest = max(map(len, by_base.values()))
    asked = [(period, base, part) for period in periods for base in by_base for part in BASES[base]]
    parts = []
    for place, (period, base, part) in enumerate(asked):
        ones = [pw.Case(None, [(figure.which(period, at), 1)], 0) for figure in by_base[base]]
        sums = [pw.fn.COALESCE(pw.fn.SUM(one), 0) for one in ones] + [pw.SQL("0")] * (widest - len(ones))
        mine = visible(who.user, Complaint, who).where(part(period, at))
        parts.append(mine.select(pw.SQL(str(place)), *sums))
    totals: dict[Period, Counts] = {period: Counter() for period in periods}
    for place, *row in database.execute(union_all(parts)):
        period, base, _ = asked[place]
        totals[period].update({figure.key: int(n) for figure, n in zip(by_base[base], row, strict=False)})
    return totals


def _counts_by_records(who: Viewer, periods: Sequence[Period], at: datetime) -> dict[Period, Counts]:
    """Counts of the figures found by records, for all ranges in one statement."""
    figures = [figure for figure in FIGURES if figure.base in FOUND_BY_RECORDS]
    asked = [(period, figure) for period in periods for figure in figures]
    counts = [
        visible(who.user, Complaint, who).where(figure.condition(period, at)).select(pw.fn.COUNT(Complaint.id))
        for period, figure in asked
    ]
    [row] = database.execute(pw.Select([], counts))
    by_period: dict[Period, Counts] = {period: Counter() for period in periods}
    for (period, figure), count in zip(asked, row, strict=True):
        by_period[period][figure.key] += count
    return by_period


def part_tables(who: Viewer, period: Period, at: datetime, parts: Sequence[Part]) -> tuple[PartTable, ...]:
    """The breakdowns by these parts, from one read of the cases."""
    keys = dict.fromkeys(chain.from_iterable(part.figures for part in parts))
    cases = counted_cases(who, period, at, tuple(dict.fromkeys(part.column for part in parts)), keys)
    areas = kecamatan_by_kelurahan() if any(part.area for part in parts) else {}
    return tuple(_table(part, cases, areas) for part in parts)


@dataclass(frozen=True)
class CountedCases:
    """The cases of one base: each row has its values of some columns and a bit set of the figures that count it."""

    figures: tuple[RecapFigure, ...]
    columns: tuple[str, ...]
    rows: list[list[Any]]

    def counts_by(self, column: str) -> dict[Name, Counts]:
        by_value: dict[Name, Counts] = {}
        for (value, bits), count in Counter(map(itemgetter(self.columns.index(column), -1), self.rows)).items():
            counts = by_value.setdefault(value, Counter())
            counts.update({figure.key: count for place, figure in enumerate(self.figures) if bits >> place & 1})
        return by_value


def counted_cases(
    who: Viewer, period: Period, at: datetime, columns: tuple[pw.Field, ...], keys: Iterable[str] = OF_PARTS
) -> list[CountedCases]:
    """The cases counted by one of these figures, with their values of these columns; each base is read once, all in one
    statement."""
    names, cases, parts = tuple(column.name for column in columns), list[CountedCases](), []
    for base, figures in _by_base(map(BY_KEY.__getitem__, keys)).items():
        bits = reduce(add, (pw.Case(None, [(f.which(period, at), 1 << n)], 0) for n, f in enumerate(figures)))
        for part in BASES[base]:
            query = visible(who.user, Complaint, who).where(part(period, at))
            parts.append(query.select(pw.SQL(str(len(cases))), *columns, bits))
            cases.append(CountedCases(tuple(figures), names, []))
    for place, *values in database.execute(union_all(parts)):
        cases[place].rows.append(values)
    return cases


def _by_base(figures: Iterable[RecapFigure]) -> dict[str, list[RecapFigure]]:
    by_base: dict[str, list[RecapFigure]] = {}
    for figure in figures:
        by_base.setdefault(figure.base, []).append(figure)
    return by_base


def counts_by_value(part: Part, cases: Iterable[CountedCases], areas: Mapping[int, str]) -> dict[str, Counts]:
    """Counts by the part's URL value."""
    by_value: dict[str, Counts] = {}
    for of_base in cases:
        for value, counts in of_base.counts_by(part.column.name).items():
            by_value.setdefault(value_of(part, value, areas), Counter()).update(counts)
    return by_value


def _table(part: Part, cases: Iterable[CountedCases], areas: Mapping[int, str]) -> PartTable:
    """The lines of the values with counts: largest first, or in the part's order."""
    by_value = counts_by_value(part, cases, areas)
    names = {**{str(key): name for key, name in part.names().items()}, NO_VALUE: part.unknown}
    counts = {value: tuple(by_value[value][key] for key in part.figures) for value in by_value}
    lines = [PartLine(value, name, counts[value]) for value, name in names.items() if any(counts.get(value, ()))]
    if part.is_optional and all(line.value == NO_VALUE for line in lines):
        return PartTable(part, ())  # no case has a value
    if not part.own_order:
        lines.sort(key=lambda line: ([-count for count in line.counts], line.name))
    return PartTable(part, tuple(lines))


PORTION = 1_000
WHOLE = (
    "masuk",
    "selesai",
    "terbuka",
    "lain",
    "lain-dijawab",
    "duplikat",
    "batal",
)  # figures that together include the cases of all others
NAMED = ("media", "kategori", "klasifikasi", "unit")  # parts exported as a column
PLAIN = ("number", "medium_ref", "received_at", "closed_at")
LABELS = labels_of(Complaint)
COUNTED = tuple(BY_KEY[key].short or BY_KEY[key].label for key in OF_PARTS)
HEADS = (
    *(LABELS[name] for name in PLAIN[:3]),
    "Berakhir pada",
    "Status",
    "Kerahasiaan",
    *(PART_BY_KEY[key].title for key in NAMED),
    "Kelurahan",
    "Kecamatan",
    *COUNTED,
)
CaseLine = Sequence[Any]  # cells: texts, numbers, moments


def case_ids(who: Viewer, period: Period, at: datetime) -> list[int]:
    """Ids of all cases visible to the user that some figure of the range counts, ascending."""
    numbers: set[int] = set()
    for key in WHOLE:
        mine = visible(who.user, Complaint, who).where(BY_KEY[key].condition(period, at))
        numbers.update(number for (number,) in mine.select(Complaint.id).tuples())
    return sorted(numbers)


def case_lines(ids: Sequence[int], period: Period, at: datetime) -> Iterator[list[CaseLine]]:
    """The export rows of these cases, in portions."""
    names = [{str(value): name for value, name in PART_BY_KEY[key].names().items()} for key in NAMED]
    places = {row.id: (row.name, row.kecamatan) for row in Kelurahan.select()}
    counts = [pw.Case(None, [(BY_KEY[key].condition(period, at), 1)], 0) for key in OF_PARTS]
    ended = pw.Case(None, [(ENDED_ON_A_DAY, Complaint.closed_at)], None)
    values = [*(getattr(Complaint, name) for name in PLAIN[:-1]), ended, Complaint.state, Complaint.secrecy]
    values += [*(PART_BY_KEY[key].column for key in NAMED), Complaint.kelurahan]
    for start in range(0, len(ids), PORTION):
        portion = Complaint.select(*values, *counts).where(among(Complaint.id, ids[start : start + PORTION]))
        yield [_line(row, names, places) for row in portion.order_by(Complaint.id).tuples()]


def _line(row: Sequence[Any], names: Sequence[dict[str, str]], places: dict[int, tuple[str, str]]) -> CaseLine:
    plain, (state, secrecy), rest = row[: len(PLAIN)], row[len(PLAIN) : len(PLAIN) + 2], row[len(PLAIN) + 2 :]
    named, place, counts = rest[: len(NAMED)], rest[len(NAMED)], rest[len(NAMED) + 1 :]
    return [
        *plain[:-1],
        "" if plain[-1] is None else Complaint.closed_at.python_value(plain[-1]),
        vocabulary().states[str(state)],
        SECRECY[str(secrecy)],
        *(known.get(str(value), "") for known, value in zip(names, named, strict=True)),
        *(places.get(place, ("", ""))),
        *counts,
    ]
