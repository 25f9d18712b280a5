"""Filters of a list, one native control each, in Flask-Admin's URL grammar (flt0_0=…)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import peewee
from flask import flash, request
from flask_admin.contrib.peewee.filters import BasePeeweeFilter
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import ActiveFilters, ViewPart
from admin.lists.paging import field_of
from models.store.base import is_mistyped
from sop.clock import WIB
from sop.words import format_short_date

FILTER_ARG = re.compile(r"flt[0-9]{1,2}_([0-9]{1,3})", re.ASCII)
SINCE, UNTIL = ENDS = ("sejak", "sampai")
Options = Iterable[tuple[Any, str]]


@dataclass(frozen=True)
class FilterControl:
    """A filter as the list renders it: a select with options or an input, with its value as typed and in words."""

    name: str
    label: str
    control: str
    options: list[tuple[str, str]]
    value: str
    in_words: str
    without: str = ""  # address of the list without this filter, if it is active


class Filter(BasePeeweeFilter):
    """One control above the list. `column` is a field, or its name in the view ("division.name"). Saved views refer to
    it by `key`, independent of its index: explicit, or made from column and comparison ("state_equals").
    """

    key = ""
    compares = "equals"
    control = "text"
    label_end = ""
    is_offered = True  # False: set only by links from figures, rendered while active

    def __init__(
        self, column: Any, name: str = "", options: Options | Callable[[], Options] | None = None, key: str = ""
    ) -> None:
        super().__init__(column, name, options)
        self.key = key or self.key or self.key_for(column if isinstance(column, str) else column.name)

    @classmethod
    def key_for(cls, column: str) -> str:
        return f"{column.replace('.', '_')}_{cls.compares}"

    def operation(self) -> str:
        return self.label_end

    @property
    def label(self) -> str:
        """The label of the control: "Terbit sejak" for a column named "Terbit pada"."""
        name = self.name.removesuffix(" pada") if self.label_end in ENDS else self.name
        return f"{name} {self.label_end}".strip()

    def choices(self) -> list[tuple[str, str]]:
        return []

    def value_words(self, value: str) -> str:
        """A chosen value in words."""
        return value

    def apply_to_few(self, query: Any, value: Any) -> Any:
        """As `apply`, for a query that is restricted to few rows by id."""
        return self.apply(query, value)

    def validate(self, value: str) -> bool:
        return len(value) <= 200 and "\0" not in value and super().validate(value)


class Contains(Filter):
    """Substring match; % and _ have no special meaning."""

    label_end, compares = "memuat", "contains"

    def apply(self, query: Any, value: str) -> Any:
        return query.where(self.column.contains(value.strip()))


class WholeNumber(Filter):
    control = "number"

    def clean(self, value: str) -> int:
        number = int(value)
        if abs(number) >= 2**31:
            raise ValueError("out of range")
        return number

    def apply(self, query: Any, value: int) -> Any:
        return query.where(self.column == value)


class Choice(Filter):
    """One of several options; a callable is evaluated at each request."""

    control = "select"

    def choices(self) -> list[tuple[str, str]]:
        options = self.options() if callable(self.options) else self.options or ()
        return [(str(value), str(label)) for value, label in options]

    def value_words(self, value: str) -> str:
        return dict(self.choices()).get(value, value)

    def validate(self, value: str) -> bool:
        return super().validate(value) and value in dict(self.choices())

    def apply(self, query: Any, value: str) -> Any:
        return query.where(self.column == value)


class YesNo(Choice):
    def __init__(self, column: Any, name: str = "", options: Any = (("1", "Ya"), ("0", "Tidak"))) -> None:
        super().__init__(column, name, options)

    def apply(self, query: Any, value: str) -> Any:
        return query.where(self.column == (value == "1"))


class Since(Filter):
    """On or after this day, in WIB."""

    control, label_end, compares = "date", SINCE, "since"

    def value_words(self, value: str) -> str:
        return format_short_date(self.clean(value))

    def clean(self, value: str) -> date:
        day = date.fromisoformat(value)
        if is_mistyped(day):
            raise ValueError("out of range")
        return day

    def apply(self, query: Any, value: date) -> Any:
        return query.where(self.column >= self.edge(value))

    def edge(self, day: date) -> date | datetime:
        """The bound to compare with: the day for a date column, its midnight in WIB for a moment."""
        is_moment = isinstance(field_of(self.column), peewee.DateTimeField)
        return datetime.combine(day, time(), WIB) if is_moment else day


class Until(Since):
    """On or before this day, in WIB."""

    label_end, compares = UNTIL, "until"

    def apply(self, query: Any, value: date) -> Any:
        return query.where(self.column < self.edge(value + timedelta(days=1)))


def filters_for(column: Any, name: str, parents: Callable[[Any], Options]) -> list[Filter]:
    """The default filters for a column, by the type of its field."""
    field = field_of(column)
    if isinstance(field, peewee.ForeignKeyField):
        return [Choice(column, name, lambda: parents(field))]
    if field.choices:
        return [Choice(column, name, lambda: field.choices)]
    kinds = {
        peewee.BooleanField: (YesNo,),
        peewee.DateTimeField: (Since, Until),
        peewee.DateField: (Since, Until),
        peewee.IntegerField: (WholeNumber,),
        peewee.CharField: (Contains,),
        peewee.TextField: (Contains,),
    }
    classes = next((filters for kind, filters in kinds.items() if isinstance(field, kind)), ())
    return [filter_class(column, name) for filter_class in classes]


class Filtering(ViewPart):
    """Part of a list: filters, parsed from the address and rendered as native form controls."""

    def filters_of(self, name: str) -> list[Filter]:
        """The default filters for a column that `column_filters` names."""
        view = self.view
        filters = filters_for(
            view.column(name),
            view.get_column_name(name),
            lambda key: [(row.get_id(), str(row)) for row in view.choosable(key)],
        )
        for item in filters:
            item.key = item.key_for(name)
        return filters

    def named(self, item: Any) -> Any:
        """Complete a filter instance from `column_filters` with its label and column."""
        item.name = item.name or self.view.get_column_name(item.column)
        item.column = self.view.column(item.column)
        return item

    def asked(self) -> ActiveFilters:
        """The active filters of the address; blank ones are ignored, invalid ones skipped with a message."""
        chosen, offered = {}, self.view.offered_filters
        for arg, value in request.args.items():
            match = FILTER_ARG.fullmatch(arg)
            index = int(match[1]) if match else -1
            if value.strip() and 0 <= index < len(offered):
                chosen[index] = value
        wrong = [index for index, value in chosen.items() if not offered[index].validate(value)]
        for index in wrong:
            flash(f"Saringan “{offered[index].name}” tidak dapat dibaca dan dilewati.", "warning")
        return [(index, offered[index].name, chosen[index]) for index in sorted(chosen) if index not in wrong]

    def arguments(self, active: ActiveFilters | None) -> dict[str, str]:
        """Filters as query arguments."""
        return {f"flt{index}_{index}": value for index, _, value in active or ()}

    def controls(self, active: ActiveFilters | None) -> list[FilterControl]:
        """The controls to render; selects without options for this user are left out."""
        values = {index: value for index, _, value in active or ()}
        filters = self.view.offered_filters
        drawn = [self._control(index, item, values) for index, item in enumerate(filters)]
        offered = [one for one, item in zip(drawn, filters, strict=True) if item.is_offered or one.value]
        return [one for one in offered if one.options or one.control != Choice.control]

    def in_words(self, args: ViewArgs) -> list[str]:
        """The search and the filters in words."""
        drawn = [f"{one.label}: {one.in_words}" for one in self.controls(args.filters) if one.in_words]
        return [f"Cari: {args.search}"] * bool(args.search) + drawn

    def _control(self, index: int, item: Filter, values: dict[int, str]) -> FilterControl:
        options, value = item.choices(), values.get(index, "")
        in_words = without = ""
        if value:
            args = self.view.list_args()
            others = [active for active in args.filters or () if active[0] != index]
            in_words = item.value_words(value)
            without = str(self.view.list_address(args.clone(page=None, filters=others)))
        return FilterControl(f"flt{index}_{index}", item.label, item.control, options, value, in_words, without)
