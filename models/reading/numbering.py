"""The state of the numbers: how far each series has come, what is missing, which ranges of it are skipped."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import peewee as pw

from models.office.people import today
from models.tables.number import Number, NumberSkip, Series, series_title

WIDEST = 1_000
BACKWARDS = "Urutan akhir tidak boleh sebelum urutan awal."
RANGE = f"Isi urutan dari 1; sekali catat paling banyak {WIDEST} nomor."
YEARS = "Hanya untuk tahun ini atau tahun lalu."
GIVEN = "Urutan awal sudah terpakai. Yang dapat dilewati hanya urutan yang belum pernah diberikan."
TWICE = "Rentang ini sudah tercatat dilewati: {skip}."
MISSING = "{title} tahun {year}: urutan {places} hilang."
SET_BACK = "{title} tahun {year}: hitungan baru sampai {last}, padahal urutan {place} sudah diberikan."


@dataclass(frozen=True)
class Count:
    """A series in a year: the last place that it has come to, the ranges skipped, the places that nothing explains."""

    series: str
    year: int
    last: int
    skips: tuple[NumberSkip, ...]
    gaps: tuple[int, ...]

    @property
    def title(self) -> str:
        return series_title(self.series)


def counts(years: Iterable[int] = ()) -> list[Count]:
    """Every series, of these years or all of them, the latest first; three statements, however many there are."""
    wanted = set(years) or {row.year for row in Series.select(Series.year).distinct()}
    used = Series.select().where((Series.last > 0) & Series.year.in_(wanted))
    rows = list(used.order_by(Series.year.desc(), Series.name))
    of_series = Number.series.in_({row.name for row in rows})  # by the index of a series' places
    held: dict[tuple[str, int], set[int]] = defaultdict(set)
    taken = Number.select(Number.series, Number.year, Number.place)
    for series, year, place in taken.where(of_series & Number.year.in_(wanted) & (Number.place > 0)).tuples():
        held[series, year].add(place)
    skips: dict[tuple[str, int], list[NumberSkip]] = defaultdict(list)
    for skip in NumberSkip.select().where(NumberSkip.year.in_(wanted)).order_by(NumberSkip.first):
        skips[skip.series, skip.year].append(skip)
        held[skip.series, skip.year].update(range(skip.first, skip.last + 1))
    return [_count(row, held[row.name, row.year], skips[row.name, row.year]) for row in rows]


def _count(row: Series, held: set[int], skips: list[NumberSkip]) -> Count:
    return Count(row.name, row.year, row.last, tuple(skips), tuple(p for p in range(1, row.last + 1) if p not in held))


def verify() -> str:
    """ "" if every place of every series is accounted for, else the sentence that names what is wrong."""
    broken = next((count for count in counts() if count.gaps), None)
    if broken is None:
        return _set_back()
    places = ", ".join(map(str, broken.gaps[:5])) + (" dan lainnya" if len(broken.gaps) > 5 else "")
    return MISSING.format(title=broken.title, year=broken.year, places=places)


def _set_back() -> str:
    """The sentence of a series that has given more than it says: it would give the same places once more."""
    ends = {(row.name, row.year): row.last for row in Series.select()}
    given = Number.select(Number.series, Number.year, pw.fn.MAX(Number.place)).where(Number.place > 0)
    for series, year, place in given.group_by(Number.series, Number.year).order_by(Number.year, Number.series).tuples():
        if place > (last := ends.get((series, year), 0)):
            return SET_BACK.format(title=series_title(series), year=year, last=last, place=place)
    return ""


def objection(skip: NumberSkip, day: date | None = None) -> str:
    """The sentence why a range cannot be skipped, "" if it can; only what has not been given yet can be.

    How far the count is tells of cases that the writer may not open: it is asked last, when nothing else stands against
    the range, so that nobody learns it without leaving a skipped range behind.
    """
    if skip.last < skip.first:
        return BACKWARDS
    if skip.first < 1 or skip.last - skip.first >= WIDEST:
        return RANGE
    if skip.year not in ((day or today()).year, (day or today()).year - 1):
        return YEARS
    here = (NumberSkip.series == skip.series) & (NumberSkip.year == skip.year)
    other = NumberSkip.get_or_none(here & (NumberSkip.first <= skip.last) & (NumberSkip.last >= skip.first))
    if other:
        return TWICE.format(skip=other)
    row = Series.get_or_none((Series.name == skip.series) & (Series.year == skip.year))
    return GIVEN if row and skip.first <= row.last else ""
