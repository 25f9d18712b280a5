"""A recap: all its figures of one range of days, of what a person may open."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import peewee as pw

from models.recap.answers import AnswerTable, answer_tables
from models.recap.figures import BASES, BY_KEY, FIGURES, OF_PARTS, RecapFigure
from models.recap.parts import NOBODY, PARTS, Name, Part, kecamatan_by_kelurahan, value_of
from models.recap.period import Period
from models.recap.rowtimes import RowStatistics, row_statistics
from models.store.base import snapshot
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible

KEYS = frozenset(figure.key for figure in FIGURES)
OF_GROUPS = frozenset(figure.key for figure in FIGURES if figure.base in {BY_KEY[key].base for key in OF_PARTS})
ALONE = KEYS - OF_GROUPS  # in no part
TOGETHER = tuple(dict.fromkeys(part.column for part in PARTS if not part.own_question))
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

    def columns(self, told: Collection[RecapFigure]) -> list[tuple[int, RecapFigure]]:
        """Which of its figures are told, each with its place among a line's counts."""
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
    def has_imported(self) -> bool:
        return any(line.is_any for line in self.lines if line.figure.key == "impor")

    @property
    def told_lines(self) -> list[FigureLine]:
        return told_lines(self.lines)

    @property
    def told_figures(self) -> list[RecapFigure]:
        """Of those that are told part by part."""
        return told_figures(self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is to be told of the range."""
        return not any(line.now for line in self.lines) and not any(row.cases for row in self.rows)


def recap(who: Viewer, period: Period, at: datetime) -> Recap:
    """The range, the one before and the year ago, all from one moment of the database."""
    with snapshot():
        groups = all_groups(who, period, at, TOGETHER, OF_GROUPS)
        rest = all_groups(who, period, at, (), ALONE)
        lines = figure_lines(who, period, at, added([*groups, *rest]))
        rows, areas = row_statistics(who, period), kecamatan_by_kelurahan()
        names = {part.key: {str(key): name for key, name in part.names().items()} for part in PARTS}
        alone = {part.key: all_groups(who, period, at, (part.column,), OF_PARTS) for part in PARTS if part.own_question}
        tables = tuple(_table(part, alone.get(part.key, groups), names[part.key], areas) for part in PARTS)
        return Recap(period, at, lines, rows, tables, answer_tables(who, period, names))


def all_groups(
    who: Viewer, period: Period, at: datetime, columns: tuple[pw.Field, ...], keys: Collection[str] = KEYS
) -> list["CaseGroup"]:
    """The figures of a range, all or these, for each set of values of some columns."""
    figures = {base: [one for one in FIGURES if one.base == base and one.key in keys] for base in BASES}
    return [group for base in BASES if figures[base] for group in case_groups(who, figures[base], period, at, columns)]


@dataclass(frozen=True)
class CaseGroup:
    """Cases that are alike in all parts: their value by column, and how many there are by figure."""

    values: dict[str, Name]
    counts: dict[str, int]


def figure_lines(who: Viewer, period: Period, at: datetime, now: Counts) -> tuple[FigureLine, ...]:
    """Every figure of a range that is counted already, beside those of the ranges that it is compared with."""
    totals = {other: added(all_groups(who, other, at, ())) for other in {period.before, period.year_ago}}
    before, year_ago = totals[period.before], totals[period.year_ago]
    return tuple(FigureLine(one, now[one.key], before[one.key], year_ago[one.key]) for one in FIGURES)


def added(groups: Iterable[CaseGroup]) -> Counts:
    added: Counts = Counter()
    for group in groups:
        added.update(group.counts)
    return added


def case_groups(
    who: Viewer, figures: Sequence[RecapFigure], period: Period, at: datetime, columns: tuple[pw.Field, ...]
) -> Iterator[CaseGroup]:
    """Figures that are of the same cases, added up for each set of values that there is."""
    sums = [pw.fn.COALESCE(pw.fn.SUM(pw.Case(None, [(one.which(period, at), 1)], 0)), 0) for one in figures]
    keys, names = [one.key for one in figures], [column.name for column in columns]
    for part in BASES[figures[0].base]:
        rows = visible(who.user, Complaint, who).where(part(period, at)).select(*columns, *sums)
        for row in rows.group_by(*columns).tuples() if columns else rows.tuples():
            values, counts = row[: len(names)], row[len(names) :]
            yield CaseGroup(dict(zip(names, values, strict=True)), dict(zip(keys, counts, strict=True)))


def _table(part: Part, groups: Iterable[CaseGroup], known: Mapping[str, str], areas: Mapping[int, str]) -> PartTable:
    """The values that something is counted of: the most first, or in their own order."""
    by_value: dict[str, dict[str, int]] = {}
    for group in groups:
        sums = by_value.setdefault(value_of(part, group.values, areas), dict.fromkeys(part.figures, 0))
        for key in part.figures:
            sums[key] += group.counts.get(key, 0)
    names = {**known, NOBODY: part.unknown}
    counted = ((value, name, tuple(by_value[value].values())) for value, name in names.items() if value in by_value)
    lines = [PartLine(value, name, counts) for value, name, counts in counted if any(counts)]
    if part.own_question and all(line.value == NOBODY for line in lines):
        return PartTable(part, ())  # no case has any value of it
    if not part.kept_order:
        lines.sort(key=lambda line: ([-count for count in line.counts], line.name))
    return PartTable(part, tuple(lines))
