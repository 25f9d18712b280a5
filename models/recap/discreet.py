"""A recap that counts all and tells nothing of any one rahasia case: those stand in no line of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from models.office.lists import Category, Medium
from models.recap.counting import CountedCases, FigureLine, counted_cases, counts_by_value, figure_lines
from models.recap.figures import OF_PARTS
from models.recap.parts import NOBODY, PART_BY_KEY, Part, kecamatan_by_kelurahan
from models.recap.period import Period
from models.recap.rowtimes import RowStatistics, row_statistics
from models.store.base import snapshot
from models.tables.complaint import Complaint
from models.tables.scope import Viewer
from sop.access import LOGGED

FEWEST = 3  # that came, our own and others'; below it the line joins the last
TOLD_BY = ("unit", "kategori", "klasifikasi", "media", "kecamatan", "kelurahan", "instansi")
REST = "Lainnya, belum diketahui, dan rahasia"
COLUMNS = (*dict.fromkeys(PART_BY_KEY[key].column for key in TOLD_BY), Complaint.secrecy)
Counts = tuple[int, ...]  # in the order of OF_PARTS


@dataclass(frozen=True)
class DiscreetTable:
    """One part: the lines that are told, and the rest of it, in which every rahasia case is."""

    part: Part
    lines: tuple[tuple[str, Counts], ...]
    rest: Counts


@dataclass(frozen=True)
class DiscreetRecap:
    """What the paper for signature says."""

    lines: tuple[FigureLine, ...]
    rows: tuple[RowStatistics, ...]
    parts: tuple[DiscreetTable, ...]


def discreet_recap(who: Viewer, period: Period, at: datetime) -> DiscreetRecap:
    """Of all cases; `who` reads every one."""
    with snapshot():
        lines, cases = figure_lines(who, period, at), counted_cases(who, period, at, COLUMNS)
        secret = secret_categories()
        plain = [_without_secret(of_base, secret) for of_base in cases]
        rows = row_statistics(who, period, is_plain(secret))
        whole, areas = {line.figure.key: line.now for line in lines}, kecamatan_by_kelurahan()
        sums = tuple(whole[key] for key in OF_PARTS)
        told = [PART_BY_KEY[key] for key in TOLD_BY if not PART_BY_KEY[key].is_optional or PART_BY_KEY[key].names()]
        parts = tuple(_table(part, plain, sums, areas) for part in told)
    return DiscreetRecap(lines, rows, parts)


def secret_categories() -> frozenset[int]:
    """Whose cases are rahasia as a rule: the category alone would tell."""
    rows = Category.select(Category.id).where(Category.secrecy.in_(sorted(LOGGED)))
    return frozenset(number for (number,) in rows.tuples())


def is_plain(secret: Iterable[int]) -> Any:
    """Condition: the case is not rahasia, nor of such a category."""
    return Complaint.secrecy.not_in(sorted(LOGGED)) & Complaint.category.not_in(sorted(secret))


def _without_secret(cases: CountedCases, secret: frozenset[int]) -> CountedCases:
    secrecy, category = (cases.columns.index(name) for name in ("secrecy", "category"))
    rows = [row for row in cases.rows if row[secrecy] not in LOGGED and row[category] not in secret]
    return replace(cases, rows=rows)


def _table(part: Part, plain: Iterable[CountedCases], sums: Counts, areas: Mapping[int, str]) -> DiscreetTable:
    """What is left of the sums is the rest: it holds an ordinary value of each part as well, always the same, so that
    whatever a rahasia case adds to it an ordinary one could have added."""
    kept = always_in_rest(part)
    lines: list[tuple[str, Counts]] = []
    for value, counts in counts_by_value(part, plain, areas).items():
        if value != kept and counts["masuk"] + counts["lain"] >= FEWEST:
            lines.append((part.name_of(value) or value, tuple(counts[key] for key in OF_PARTS)))
    lines.sort(key=lambda line: ([-count for count in line[1]], line[0]))
    told = [sum(counts) for counts in zip(*(counts for _, counts in lines), strict=True)] or [0] * len(sums)
    return DiscreetTable(part, tuple(lines), tuple(all_ - one for all_, one in zip(sums, told, strict=True)))


def always_in_rest(part: Part) -> str:
    """The ordinary value of a part that never has a line of its own: none at all where a case can have none."""
    if part.column.null:
        return NOBODY
    masters = {"kategori": Category.select().where(Category.secrecy.not_in(sorted(LOGGED))), "media": Medium.select()}
    if part.key in masters:
        return str(max(row.id for row in masters[part.key]))
    return str(list(part.names())[-1])
