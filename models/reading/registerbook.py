"""Buku Register Pengaduan: its columns and rows for a range of days; and checks of the number series."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import peewee as pw

from models.case.access_notes import WITHHELD, is_secret
from models.case.content_parts import frame
from models.complaint.complaint import Complaint, ended_at, name_stand_in, names_by_case
from models.complaint.number import Number, NumberSkip, NumberVoid, Series, number_text, series_title
from models.complaint.paper import Content
from models.complaint.scope import viewer, visible
from models.office.lists import Category, Institution, Medium
from models.office.people import Division, User, posts_by_unit, signatory, title_of, today
from models.records.detours import Forwarding
from models.store.base import Model
from sop.clock import WIB
from sop.vocabulary import DUPLICATED, FORWARDED, REGISTER
from sop.words import format_date, format_span

WIDEST = 1_000
RANGE_BACKWARDS = "Urutan akhir tidak boleh sebelum urutan awal."
RANGE = f"Isi urutan dari 1; sekali catat paling banyak {WIDEST} nomor."
YEARS = "Hanya untuk tahun ini atau tahun lalu."
GIVEN = "Urutan awal sudah terpakai. Yang dapat dilewati hanya urutan yang belum pernah diberikan."
TWICE = "Rentang ini sudah tercatat dilewati: {skip}."
MISSING = "{title} tahun {year}: urutan {places} hilang."
SET_BACK = "{title} tahun {year}: hitungan baru sampai {last}, padahal urutan {place} sudah diberikan."


@dataclass(frozen=True)
class Count:
    """A series in a year: its last number, the skipped ranges, and the missing numbers."""

    series: str
    year: int
    last: int
    skips: tuple[NumberSkip, ...]
    gaps: tuple[int, ...]

    @property
    def title(self) -> str:
        return series_title(self.series)


def counts(years: Iterable[int] = ()) -> list[Count]:
    """Every series of these years, or of all, newest first. Numbers are only counted, as a place has one at most; those
    of a series are read if some are missing or skipped."""
    wanted = set(years) or {row.year for row in Series.select(Series.year).distinct()}
    own = (Number.series == Series.name) & (Number.year == Series.year) & Number.place.between(1, Series.last)
    taken = Number.select(pw.fn.COUNT(Number.place)).where(own)  # uses the index on series, year and place
    used = Series.select(Series, taken.alias("taken")).where((Series.last > 0) & Series.year.in_(wanted))
    skips: dict[tuple[str, int], list[NumberSkip]] = defaultdict(list)
    for skip in NumberSkip.select().where(NumberSkip.year.in_(wanted)).order_by(NumberSkip.first):
        skips[skip.series, skip.year].append(skip)
    series_counts = []
    for row in used.order_by(Series.year.desc(), Series.name):
        skipped = skips[row.name, row.year]
        gaps = _gaps(row, skipped) if skipped or row.taken < row.last else ()
        series_counts.append(Count(row.name, row.year, row.last, tuple(skipped), gaps))
    return series_counts


def _gaps(series: Series, skips: Iterable[NumberSkip]) -> tuple[int, ...]:
    """The places of a series without a number that were not skipped."""
    taken = Number.select(Number.place).where((Number.series == series.name) & (Number.year == series.year))
    occupied = {place for (place,) in taken.where(Number.place > 0).tuples()}
    occupied.update(place for skip in skips for place in range(skip.first, skip.last + 1))
    return tuple(place for place in range(1, series.last + 1) if place not in occupied)


def verify() -> str:
    """The sentence about the first missing number or reset series, "" if all numbers are accounted for."""
    broken = next((count for count in counts() if count.gaps), None)
    if broken is None:
        return _set_back()
    places = ", ".join(map(str, broken.gaps[:5])) + (" dan lainnya" if len(broken.gaps) > 5 else "")
    return MISSING.format(title=broken.title, year=broken.year, places=places)


def _set_back() -> str:
    """The sentence about a series whose counter is below its highest number, so that it would assign numbers twice."""
    ends = {(row.name, row.year): row.last for row in Series.select()}
    assigned = Number.select(Number.series, Number.year, pw.fn.MAX(Number.place)).where(Number.place > 0)
    for series, year, place in (
        assigned.group_by(Number.series, Number.year).order_by(Number.year, Number.series).tuples()
    ):
        if place > (last := ends.get((series, year), 0)):
            return SET_BACK.format(title=series_title(series), year=year, last=last, place=place)
    return ""


def skip_objection(skip: NumberSkip, day: date | None = None) -> str:
    """The sentence why a range cannot be skipped, "" if it can; only numbers not assigned yet can be skipped.

    The series' counter reveals cases that the user may not open. It is checked last, so that probing for it leaves a
    skipped range behind.
    """
    if skip.last < skip.first:
        return RANGE_BACKWARDS
    if skip.first < 1 or skip.last - skip.first >= WIDEST:
        return RANGE
    if skip.year not in ((day or today()).year, (day or today()).year - 1):
        return YEARS
    same = (NumberSkip.series == skip.series) & (NumberSkip.year == skip.year)
    other = NumberSkip.get_or_none(same & (NumberSkip.first <= skip.last) & (NumberSkip.last >= skip.first))
    if other:
        return TWICE.format(skip=other)
    row = Series.get_or_none((Series.name == skip.series) & (Series.year == skip.year))
    return GIVEN if row and skip.first <= row.last else ""


KEY, TITLE = "buku_register", "Buku Register Pengaduan"
MOST_ROWS, MOST_DAYS = 2_000, 1_100
ENDLESS = "Isi tanggal awal dan tanggal akhir."
BACKWARDS = "Tanggal akhir tidak boleh sebelum tanggal awal."
FIRST_YEAR, LAST_YEAR = 2000, 2200
FAR = f"Isi tanggal antara tahun {FIRST_YEAR} dan {LAST_YEAR}."
WIDE = "Rentang paling panjang tiga tahun. Pilih rentang yang lebih pendek."
MANY = "Rentang ini memuat {count} pengaduan; paling banyak {most} dalam satu buku. Pilih rentang yang lebih pendek."
FURTHER_SERIES = ("nota_dinas", "berita_acara")  # listed in the column after the register number


def register_objection(first: date | None, last: date | None) -> str:
    """The sentence why the range is not valid, "" if it is."""
    if first is None or last is None:
        return ENDLESS
    if last < first:
        return BACKWARDS
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        return FAR
    return WIDE if (last - first).days > MOST_DAYS else ""


def registered_numbers(user: User, first: date, last: date) -> list[Number]:
    """The register numbers assigned on these days to complaints visible to the user, in order; at most MOST_ROWS + 1.

    Cases that he may not open are neither listed nor counted.
    """
    mine = visible(user, Complaint).select(Complaint.id)
    query = Number.select(Number, Complaint).join(Complaint).where(_on_days(first, last) & Number.complaint.in_(mine))
    return list(query.order_by(Number.given_at, Number.id).limit(MOST_ROWS + 1))


def _assigned(first: date, last: date) -> int:
    """How many register numbers were assigned on these days, to whatever complaint."""
    return int(Number.select().where(_on_days(first, last) & Number.complaint.is_null(False)).count())


def _on_days(first: date, last: date) -> Any:
    since, until = (datetime.combine(day, time(), WIB) for day in (first, last + timedelta(days=1)))
    return (Number.series == REGISTER) & (Number.given_at >= since) & (Number.given_at < until)


def book(numbers: list[Number], first: date, last: date, *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the book: these numbers, printed for `by`. While its range goes on, it is not closed."""
    day = at.astimezone(WIB).date()
    signer = signatory(by, title_of(by, posts_by_unit(day))).printed
    of_years = (NumberSkip.series == REGISTER) & NumberSkip.year.between(first.year, last.year)
    skips = NumberSkip.select().where(of_years).order_by(NumberSkip.year, NumberSkip.first)
    return {
        **frame(KEY, TITLE, at=at, demo=demo),
        "span": format_span(first, last),
        "is_over": last < day,
        "signers": [{"role": "penutup", "as": "Yang menandatangani buku", **signer}],
        "ruled": {
            "columns": [(column.head, column.least, column.is_number) for column in COLUMNS],
            "rows": _rows(numbers, by),
            "repeated": 2,
            "numbered": True,
            "apart": [place for place, column in enumerate(COLUMNS) if column.has_values],
        },
        "skipped": [f"{skip}: {skip.reason.rstrip(' .;,')}" for skip in skips],
        "all": viewer(by).reads_all,
        "left_out": _assigned(first, last) - len(numbers),
    }


def _further_numbers(ids: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of Nota Dinas and Berita Acara of these cases."""
    numbers: dict[int, list[str]] = {}
    taken = Number.select(Number.complaint, number_text()).where(
        Number.complaint.in_(list(ids)) & Number.series.in_(FURTHER_SERIES)
    )
    for case, text in taken.order_by(Number.id).tuples():
        numbers.setdefault(case, []).append(text)
    return numbers


@dataclass(frozen=True)
class BookRow:
    """The data of a row: `names` of masters by model and id, `others` the further numbers of the case, `void` why
    the number is void, "" if it is not; `original` the number that it duplicates, if it may be named, `institution` to
    which it was forwarded."""

    place: int
    number: Number
    pengadu: str
    names: Mapping[type[Model], Mapping[int, str]]
    others: Sequence[str]
    void: str
    original: str
    institution: str

    @property
    def case(self) -> Complaint:
        complaint: Complaint = self.number.complaint
        return complaint

    def name_of(self, master: type[Model], key: int | None) -> str:
        return self.names[master].get(key or 0, "")

    @property
    def pengadu_or_stand_in(self) -> str:
        return name_stand_in(anonymous=self.case.anonymous, secret=False) or self.pengadu or "–"

    @property
    def remarks(self) -> str:
        """What is noted of the case; of a void number its reason, without the act that voids a register."""
        case, void = self.case, [f"BATAL: {self.void.partition(': ')[2] or self.void}"] if self.void else []
        reopened = f"Dibuka kembali (putaran {case.round})" if case.round > 1 else ""
        return "; ".join(filter(None, [*void, self._how_it_ended, "Dicatat susulan" * case.backlog, reopened]))

    @property
    def _how_it_ended(self) -> str:
        """Where the case went that this office no longer handles, "" of others; its status says the rest."""
        went = {
            DUPLICATED: f"Duplikat dari {self.original}" if self.original else "",
            FORWARDED: f"Diteruskan kepada {self.institution}" if self.institution else "",
        }
        return went.get(self.case.state, "")


@dataclass(frozen=True)
class BookColumn:
    """A column: heading, cell, least width in points. The printed book may be seen by anyone in the office, so only
    columns with `is_open` show data of a rahasia case."""

    head: str
    cell: Callable[[BookRow], str]
    is_open: bool = False
    is_number: bool = False
    secret: Callable[[BookRow], str] = lambda row: WITHHELD
    least: float = 0
    has_values: bool = False  # each line that its cell returns is a value of its own

    def text(self, row: BookRow) -> str:
        return self.secret(row) if is_secret(row.case) and not self.is_open else self.cell(row)


COLUMNS = (
    BookColumn("No.", lambda row: str(row.place), is_open=True, is_number=True),
    BookColumn(
        "Nomor register, tanggal",
        lambda row: f"{row.number.text}\n{format_date(row.number.given_at)}",
        is_open=True,
        least=75,  # its head in two lines, as those of the others
        has_values=True,
    ),
    BookColumn(
        "Pengadu, media",
        lambda row: f"{row.pengadu_or_stand_in}\n{row.name_of(Medium, row.case.medium_id)}".strip(),
        secret=lambda _: name_stand_in(anonymous=False, secret=True),
        has_values=True,
    ),
    BookColumn("Judul pengaduan", lambda row: row.case.title),
    BookColumn("Kategori", lambda row: row.name_of(Category, row.case.category_id)),
    BookColumn("Unit kerja", lambda row: row.name_of(Division, row.case.unit_id) or "–", least=77),
    BookColumn(
        "Status, tanggal berakhir",
        lambda row: f"{row.case.state_label}\n{format_date(ended_at(row.case))}".strip(),
        is_open=True,
        least=74,
        has_values=True,
    ),
    BookColumn("Nota Dinas dan Berita Acara", lambda row: "\n".join(row.others) or "–", least=79, has_values=True),
    BookColumn(
        "Keterangan",
        lambda row: row.remarks,
        secret=lambda row: "BATAL" if row.void else "",
        least=60,  # the office writes here by hand, too
    ),
)


def _rows(numbers: list[Number], by: User) -> list[list[str]]:
    ids = [number.complaint_id for number in numbers]
    names = {model: {row.id: str(row) for row in model.select()} for model in (Medium, Category, Division, Institution)}
    void = {v.number_id: v.reason for v in NumberVoid.select().where(NumberVoid.number.in_([n.id for n in numbers]))}
    people, others = {case: name for case, [name] in names_by_case(ids, "pengadu").items()}, _further_numbers(ids)
    originals, institutions = _originals(numbers, by), _institutions(ids)
    rows = (
        BookRow(
            place,
            n,
            people.get(n.complaint_id, ""),
            names,
            others.get(n.complaint_id, ()),
            void.get(n.id, ""),
            originals.get(n.complaint.duplicate_of_id, ""),
            institutions.get(n.complaint_id) or names[Institution].get(n.complaint.institution_id, ""),
        )
        for place, n in enumerate(numbers, 1)
    )
    return [[column.text(row) for column in COLUMNS] for row in rows]


def _originals(numbers: list[Number], by: User) -> dict[int, str]:
    """The numbers of the cases that these duplicate, by id: of a rahasia one a duplicate would tell the subject."""
    heads = {number.complaint.duplicate_of_id for number in numbers} - {None}
    named = visible(by, Complaint).where(Complaint.id.in_(heads))
    return {case.id: case.number for case in named if not is_secret(case)}


def _institutions(ids: Iterable[int]) -> dict[int, str]:
    """To which institution each of these cases was forwarded last, as written then."""
    valid = Forwarding.complaint.in_(list(ids)) & ~Forwarding.recalled & ~Forwarding.draft
    made = Forwarding.select(Forwarding.complaint, Forwarding.institution).where(valid).order_by(Forwarding.id)
    return dict(made.tuples())
