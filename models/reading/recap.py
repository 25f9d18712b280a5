"""A recap: all its figures of one range of days, of what a person may open."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain
from operator import add, itemgetter
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, visible
from models.reading.figures import (
    BASES,
    BY_KEY,
    FIGURES,
    FOUND_BY_RECORDS,
    NOBODY,
    OF_PARTS,
    PARTS,
    Name,
    Part,
    RecapFigure,
    kecamatan_by_kelurahan,
    value_of,
)
from models.reading.period import Period
from models.reading.times import AnswerTable, RowStatistics, answer_tables, row_statistics
from models.store.base import database, snapshot

Counts = Counter[str]  # by the figure's key


@dataclass(frozen=True)
class FigureLine:
    """One figure of the range, of the range before it and of the same a year ago."""

    figure: RecapFigure
    now: int
    before: int
    year_ago: int

    @property
    def is_any(self) -> bool:
        return bool(self.now or self.before or self.year_ago)


def told_lines(lines: Iterable[FigureLine]) -> list[FigureLine]:
    """Without those that say nothing of an office that has nothing of their kind in any of the three ranges."""
    by_key = {line.figure.key: line for line in lines}
    return [line for line in by_key.values() if not line.figure.beside or by_key[line.figure.beside].is_any]


def told_figures(lines: Iterable[FigureLine], keys: Iterable[str] = OF_PARTS) -> list[RecapFigure]:
    told = {line.figure.key for line in told_lines(lines)}
    return [BY_KEY[key] for key in keys if key in told]


@dataclass(frozen=True)
class PartLine:
    """One value of a part, as an address carries it and in words, with its figures in the part's order."""

    value: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class PartTable:
    """What the cases of a recap come to along one part."""

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
    def told_figures(self) -> list[RecapFigure]:
        """Those that say something, as the table stands."""
        told = {key for place, key in enumerate(self.part.figures) if any(line.counts[place] for line in self.lines)}
        return [one for one in self.figures if not one.beside or one.beside in told]

    def columns(self, told: Collection[RecapFigure]) -> list[tuple[int, RecapFigure]]:
        """Which of its figures are listed, each with its place among a line's counts."""
        return [(place, one) for place, one in enumerate(self.figures) if one in told]


@dataclass(frozen=True)
class Recap:
    """All that is counted of a range of days at one moment."""

    period: Period
    at: datetime
    lines: tuple[FigureLine, ...]
    rows: tuple[RowStatistics, ...]
    parts: tuple[PartTable, ...]
    answers: tuple[AnswerTable, ...]

    @property
    def told_lines(self) -> list[FigureLine]:
        return told_lines(self.lines)

    @property
    def told_figures(self) -> list[RecapFigure]:
        """Of those that are listed part by part."""
        return told_figures(self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether the range has nothing at all to report."""
        return not any(line.now for line in self.lines) and not any(row.cases for row in self.rows)


def recap(who: Viewer, period: Period, at: datetime, parts: Sequence[Part] = PARTS, *, answers: bool = True) -> Recap:
    """The range, the one before and the year ago, along all parts or these, all from one moment of the database."""
    with snapshot():
        lines, rows = figure_lines(who, period, at), row_statistics(who, period)
        tables = part_tables(who, period, at, parts) if parts else ()
        return Recap(period, at, lines, rows, tables, answer_tables(who, period) if answers else ())


def figure_lines(who: Viewer, period: Period, at: datetime) -> tuple[FigureLine, ...]:
    """Every figure of a range beside those of the ranges that it is compared with."""
    periods = tuple(dict.fromkeys((period, period.before, period.year_ago)))
    by_records = _counts_by_records(who, periods, at)
    totals = {one: _totals(who, one, at) + by_records[one] for one in periods}
    now, before, year_ago = (totals[one] for one in (period, period.before, period.year_ago))
    return tuple(FigureLine(one, now[one.key], before[one.key], year_ago[one.key]) for one in FIGURES)


def _totals(who: Viewer, period: Period, at: datetime) -> Counts:
    """One statement for all figures that are of the same cases."""
    totals: Counts = Counter()
    for base, figures in _by_base(FIGURES).items():
        sums = [pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(one.which(period, at), 1)], 0)), 0) for one in figures]
        for part in BASES[base] if base not in FOUND_BY_RECORDS else ():
            [row] = database.execute(visible(who.user, Complaint, who).where(part(period, at)).select(*sums))
            totals.update(dict(zip((one.key for one in figures), map(int, row), strict=True)))
    return totals


def _counts_by_records(who: Viewer, periods: Sequence[Period], at: datetime) -> dict[Period, Counts]:
    """The few cases that are found by a record of theirs: of all ranges in one statement."""
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
    """The figures that are listed part by part, all of these parts from one reading of the cases."""
    keys = dict.fromkeys(chain.from_iterable(part.figures for part in parts))
    cases = counted_cases(who, period, at, tuple(dict.fromkeys(part.column for part in parts)), keys)
    areas = kecamatan_by_kelurahan() if any(part.area for part in parts) else {}
    return tuple(_table(part, cases, areas) for part in parts)


@dataclass(frozen=True)
class CountedCases:
    """The cases of one base: of each its values in some columns, and a bit for each of the figures that counts it."""

    figures: tuple[RecapFigure, ...]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def counts_by(self, column: str) -> dict[Name, Counts]:
        by_value: dict[Name, Counts] = {}
        for (value, bits), count in Counter(map(itemgetter(self.columns.index(column), -1), self.rows)).items():
            counts = by_value.setdefault(value, Counter())
            counts.update({one.key: count for place, one in enumerate(self.figures) if bits >> place & 1})
        return by_value


def counted_cases(
    who: Viewer, period: Period, at: datetime, columns: tuple[pw.Field, ...], keys: Iterable[str] = OF_PARTS
) -> list[CountedCases]:
    """Each case that one of these figures counts, with its values in these columns: read once, however many parts they
    are told by."""
    names, made = tuple(column.name for column in columns), []
    for base, figures in _by_base(map(BY_KEY.__getitem__, keys)).items():
        bits = reduce(add, (pw.Case(None, [(one.which(period, at), 1 << n)], 0) for n, one in enumerate(figures)))
        for part in BASES[base]:
            query = visible(who.user, Complaint, who).where(part(period, at)).select(*columns, bits)
            made.append(CountedCases(tuple(figures), names, list(database.execute(query))))
    return made


def _by_base(figures: Iterable[RecapFigure]) -> dict[str, list[RecapFigure]]:
    by_base: dict[str, list[RecapFigure]] = {}
    for one in figures:
        by_base.setdefault(one.base, []).append(one)
    return by_base


def counts_by_value(part: Part, cases: Iterable[CountedCases], areas: Mapping[int, str]) -> dict[str, Counts]:
    """By the part's value, as an address carries it."""
    by_value: dict[str, Counts] = {}
    for of_base in cases:
        for value, counts in of_base.counts_by(part.column.name).items():
            by_value.setdefault(value_of(part, value, areas), Counter()).update(counts)
    return by_value


def _table(part: Part, cases: Iterable[CountedCases], areas: Mapping[int, str]) -> PartTable:
    """The values that something is counted of: the most first, or in their own order."""
    by_value = counts_by_value(part, cases, areas)
    names = {**{str(key): name for key, name in part.names().items()}, NOBODY: part.unknown}
    counts = {value: tuple(by_value[value][key] for key in part.figures) for value in by_value}
    lines = [PartLine(value, name, counts[value]) for value, name in names.items() if any(counts.get(value, ()))]
    if part.is_optional and all(line.value == NOBODY for line in lines):
        return PartTable(part, ())  # no case has any value of it
    if not part.kept_order:
        lines.sort(key=lambda line: ([-count for count in line.counts], line.name))
    return PartTable(part, tuple(lines))
