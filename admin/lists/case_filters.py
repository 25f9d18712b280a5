"""Filters by case attributes, for the list of cases and for lists whose rows belong to a case."""

from datetime import timedelta
from operator import itemgetter
from typing import Any

import peewee as pw
from flask import request

from admin.door.rows import signed_in
from admin.lists.filters import FILTER_ARG, Choice, Contains, Filter
from models.complaint.complaint import ANONYMOUS, LATER_ROUND, RUNNING, Complaint
from models.complaint.paper import Paper, is_unsigned
from models.complaint.scope import viewer
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import Division, User
from models.reading.figures import BY_KEY, PART_BY_KEY, Part, RecapFigure, row_figures
from models.reading.period import Period
from models.reading.queue import is_given_to
from models.reading.summary import BY_HOUR
from models.records.main_line import ENDS, BeritaAcara
from models.store import master_cache
from models.store.base import Model, now, union_all
from sop.procedure import BIDANG

DAYS = (7, 14, 30, 60, 90)
USUAL_ENDS = ("diterima",)  # not offered as a filter: nearly every case would match


def case_condition(key: Any, condition: Any) -> Any:
    """Condition: the case of the row meets `condition`, by IN over a subquery."""
    return condition if key is Complaint.id else key.in_(Complaint.select(Complaint.id).where(condition))


def correlated_case_condition(key: Any, condition: Any) -> Any:
    """The same as a correlated EXISTS, for queries over few rows: it never collects all matching cases."""
    matching = Complaint.select(pw.SQL("1")).where((Complaint.id == key) & condition)
    return condition if key is Complaint.id else pw.fn.EXISTS(matching)


class CaseFilter(Filter):
    """A filter by the case; `column` is the row's foreign key to it."""

    def condition(self, value: Any) -> Any:
        """The condition on Complaint."""
        raise NotImplementedError

    def apply(self, query: Any, value: Any) -> Any:
        return query.where(case_condition(self.column, self.condition(value)))

    def apply_to_few(self, query: Any, value: Any) -> Any:
        return query.where(correlated_case_condition(self.column, self.condition(value)))


class ByKelurahan(CaseFilter, Contains):
    """By part of the kelurahan's name, since a select of all would be long."""

    key, label_end = "kelurahan", ""

    def condition(self, value: str) -> Any:
        named = Kelurahan.select(Kelurahan.id).where(Kelurahan.name.contains(value.strip()))
        return Complaint.kelurahan.in_(named)


class ByKecamatan(CaseFilter, Choice):
    key = "kecamatan"

    def condition(self, value: str) -> Any:
        return Complaint.kelurahan.in_(Kelurahan.select(Kelurahan.id).where(Kelurahan.kecamatan == value))


class ByAge(CaseFilter, Choice):
    """How many days ago an unfinished case was received."""

    key = "age"

    def condition(self, value: str) -> Any:
        return RUNNING & (Complaint.received_at < now() - timedelta(days=int(value)))


class ByAssignee(CaseFilter, Choice):
    key = "assignee"

    def condition(self, value: str) -> Any:
        return is_given_to(int(value))


class ByEnd(CaseFilter, Choice):
    """The pengadu's reaction in the valid berita acara of the current round."""

    key = "reaction"

    def condition(self, value: str) -> Any:
        counts = (BeritaAcara.round == Complaint.round) & ~BeritaAcara.recalled & ~BeritaAcara.draft
        joined = BeritaAcara.select(BeritaAcara.complaint).join(Complaint, on=(Complaint.id == BeritaAcara.complaint))
        return Complaint.id.in_(joined.where((BeritaAcara.outcome == value) & counts))


class ByPapers(CaseFilter, Choice):
    key = "papers"

    def condition(self, value: str) -> Any:
        return Complaint.id.in_(Paper.select(Paper.complaint).where(is_unsigned()))

    def apply_to_few(self, query: Any, value: str) -> Any:
        own = Paper.select(pw.SQL("1")).where((Paper.complaint == Complaint.id) & is_unsigned())
        return query.where(correlated_case_condition(self.column, pw.fn.EXISTS(own)))


class FlagFilter(CaseFilter, Choice):
    """A flag that few cases have: anonymous, reopened."""

    def __init__(self, column: Any, name: str, flag: Any, key: str) -> None:
        super().__init__(column, name, (("1", "Ya"),), key)
        self.flag = flag

    def condition(self, value: str) -> Any:
        return self.flag


def case_filters(model: type[Model]) -> tuple[Filter, ...]:
    """The case filters for the list of this model."""
    key: Any = Complaint.id if model is Complaint else model._meta.fields["complaint"]
    by_name = () if model is Complaint else (ByAssignee(key, "Pelaksana", staff_choices),)
    return (
        ByKelurahan(key, "Kelurahan"),
        ByKecamatan(key, "Kecamatan", kecamatan_choices),
        ByAge(key, "Umur", tuple((str(days), f"Lebih dari {days} hari") for days in DAYS)),
        *by_name,
        ByEnd(key, "Tanggapan pengadu", tuple((end, words) for end, words in ENDS.items() if end not in USUAL_ENDS)),
        ByPapers(key, "Dokumen", (("1", "Belum ditandatangani"),)),
        FlagFilter(key, "Anonim", ANONYMOUS, "anonymous"),
        FlagFilter(key, "Pernah dibuka kembali", LATER_ROUND, "reopened"),
    )


def kecamatan_choices() -> list[tuple[str, str]]:
    return [(name, name) for _, name in stored_choices("Kecamatan")]


def staff_choices() -> list[tuple[str, str]]:
    """Assignees whose cases the user may read."""
    return [(str(number), name) for number, name in stored_choices("User")]


def stored_choices(kind: str) -> list[tuple[int, str]]:
    """Ids and names of one kind, sorted by name."""
    return _choices_by_kind().get(kind, [])


def _choices_by_kind() -> dict[str, list[tuple[int, str]]]:
    """Choices from master data and the users whose cases the viewer may read, cached."""
    staff = _readable_staff()
    return master_cache.cached(("choices", staff), lambda: _stored_choices(staff))


def _stored_choices(staff: frozenset[int] | None) -> dict[str, list[tuple[int, str]]]:
    parts = [model.select(pw.Value(model.__name__), model.id, model.name) for model in (Category, Division, Medium)]
    groups = Category.select(Category.parent).where(Category.parent.is_null(False))
    parts[0] = parts[0].where(Category.active | Category.id.not_in(groups))  # an inactive group has no cases
    parts.append(Kelurahan.select(pw.Value("Kecamatan"), pw.Value(0), Kelurahan.kecamatan).distinct())
    unit = pw.SQL("1 = 1") if staff is None else User.division.in_(sorted(staff) or [-1])
    mine = (User.role == BIDANG) & User.active & unit
    parts.append(User.select(pw.Value("User"), User.id, User.name).where(mine))
    by_kind: dict[str, list[tuple[int, str]]] = {}
    for kind, number, name in sorted(union_all(parts).tuples(), key=itemgetter(2)):
        by_kind.setdefault(kind, []).append((number, name))
    return by_kind


def _readable_staff() -> frozenset[int] | None:
    """The units whose staff the viewer may choose: his own; None, all of them, for viewers who read all cases."""
    who = viewer(signed_in())
    if not who.lanes and not who.mandated:
        return frozenset()
    return None if who.mandated or not who.lanes <= {BIDANG} else who.units


BETWEEN = "."  # separator: occurs in no key and in no name of a kecamatan


class UnlistedChoice(Choice):
    """A filter with too many choices to list: shown only while active, with the chosen value alone."""

    def choices(self) -> list[tuple[str, str]]:
        typed = (value for name, value in request.args.items() if FILTER_ARG.fullmatch(name))
        return [(value, words) for value in typed if (words := self.value_words(value))][:1]

    def validate(self, value: str) -> bool:
        return bool(self.value_words(value))


class ByFigure(UnlistedChoice):
    """The cases that a figure of a recap counts, in its range of days."""

    key = "figure"

    def __init__(self) -> None:
        super().__init__(Complaint.closed_at, "Rekapitulasi")

    def value_words(self, value: str) -> str:
        parsed = figure_of(value)
        return f"{parsed[0].label}, {parsed[1].words}" if parsed else ""

    def apply(self, query: Any, value: str) -> Any:
        parsed = figure_of(value)
        return query.where(parsed[0].condition(parsed[1], now())) if parsed else query


class ByPart(UnlistedChoice):
    """The cases of one breakdown value of a recap: a unit, a category, and so on."""

    key = "part"

    def __init__(self) -> None:
        super().__init__(Complaint.closed_at, "Rincian")

    def value_words(self, value: str) -> str:
        parsed = part_of(value)
        return f"{parsed[0].title} {parsed[0].name_of(parsed[1])}" if parsed else ""

    def apply(self, query: Any, value: str) -> Any:
        parsed = part_of(value)
        return query.where(parsed[0].condition(parsed[1])) if parsed else query


def figure_value(key: str, period: Period) -> str:
    """The filter value for a figure."""
    return f"{key}{BETWEEN}{period}"


def part_value(part: Part, value: str) -> str:
    return f"{part.key}{BETWEEN}{value}"


def figure_of(value: str) -> tuple[RecapFigure, Period] | None:
    """The figure and its range; None if the value is invalid."""
    key, _, days = value.partition(BETWEEN)
    first, _, last = days.partition(BETWEEN)
    try:
        figure = BY_KEY.get(key) or BY_HOUR.get(key) or row_figures().get(key)
        return (figure, Period.read(first, last)) if figure else None
    except ValueError:
        return None


def part_of(value: str) -> tuple[Part, str] | None:
    """The part and its value; None if the value is invalid."""
    key, between, name = value.partition(BETWEEN)
    part = PART_BY_KEY.get(key) if between else None
    return (part, name) if part and part.name_of(name) is not None else None
