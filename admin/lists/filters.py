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

from admin.door.flaskadmin import ActiveFilters, FlaskAdminView
from admin.lists.paging import field_of
from models.store.base import is_mistyped
from sop.clock import WIB
from sop.words import format_short_date

FILTER_ARG = re.compile(r"flt[0-9]{1,2}_([0-9]{1,3})", re.ASCII)
SINCE, UNTIL = ENDS = ("sejak", "sampai")
Options = Iterable[tuple[Any, str]]


@dataclass(frozen=True)
class FilterControl:
    """A filter as the list draws it: a select with its options or an input, and what is chosen, also in words."""

    name: str
    label: str
    control: str
    options: list[tuple[str, str]]
    value: str
    in_words: str
    without: str = ""  # the list without it, if something is chosen


class Filter(BasePeeweeFilter):
    """One control above the list. `column` is a field, or its name in the view ("division.name"). A saved view names it
    by `key`, wherever it stands: one of its own, else of the column and of how it is compared ("state_equals").
    """

    key = ""
    compares = "equals"
    control = "text"
    label_end = ""
    is_offered = True  # or only a figure's link leads to it: drawn while it is chosen

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
        """What stands over the control: "Terbit sejak" for a column named "Terbit pada"."""
        name = self.name.removesuffix(" pada") if self.label_end in ENDS else self.name
        return f"{name} {self.label_end}".strip()

    def choices(self) -> list[tuple[str, str]]:
        return []

    def value_words(self, value: str) -> str:
        """A chosen value in words."""
        return value

    def apply_to_few(self, query: Any, value: Any) -> Any:
        """As `apply`, to a query that names the few rows that it is asked of."""
        return self.apply(query, value)

    def validate(self, value: str) -> bool:
        return len(value) <= 200 and "\0" not in value and super().validate(value)


class Contains(Filter):
    """Part of a text; % and _ are plain letters."""

    label_end, compares = "memuat", "contains"

    def apply(self, query: Any, value: str) -> Any:
        return query.where(self.column.contains(value.strip()))


class WholeNumber(Filter):
    """An exact whole number."""

    control = "number"

    def clean(self, value: str) -> int:
        number = int(value)
        if abs(number) >= 2**31:
            raise ValueError("out of range")
        return number

    def apply(self, query: Any, value: int) -> Any:
        return query.where(self.column == value)


class Choice(Filter):
    """One value out of options, read anew at each request if they are given as a function."""

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
    """A yes or no column."""

    def __init__(self, column: Any, name: str = "", options: Any = (("1", "Ya"), ("0", "Tidak"))) -> None:
        super().__init__(column, name, options)

    def apply(self, query: Any, value: str) -> Any:
        return query.where(self.column == (value == "1"))


class Since(Filter):
    """From this day on, by the office's calendar."""

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
        """The day for a date column, its midnight in WIB for a moment."""
        is_moment = isinstance(field_of(self.column), peewee.DateTimeField)
        return datetime.combine(day, time(), WIB) if is_moment else day


class Until(Since):
    """Up to and including this day."""

    label_end, compares = UNTIL, "until"

    def apply(self, query: Any, value: date) -> Any:
        return query.where(self.column < self.edge(value + timedelta(days=1)))


def filters_for(column: Any, name: str, parents: Callable[[Any], Options]) -> list[Filter]:
    """The fitting filters of a column that a view names only by its name."""
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
    made = next((made for kind, made in kinds.items() if isinstance(field, kind)), ())
    return [kind(column, name) for kind in made]


class Filtering(FlaskAdminView):
    """Mixin of PanelView: filters read from the address and drawn as plain form controls."""

    def scaffold_filters(self, name: str) -> list[Filter]:
        filters = filters_for(self.column(name), self.get_column_name(name), self._parents)
        for item in filters:
            item.key = item.key_for(name)
        return filters

    def handle_filter(self, filter: Any) -> Any:
        filter.name = filter.name or self.get_column_name(filter.column)
        filter.column = self.column(filter.column)
        return filter

    def _parents(self, key: Any) -> list[tuple[Any, str]]:
        return [(row.get_id(), str(row)) for row in self.choosable(key)]

    def asked_filters(self) -> ActiveFilters:
        """Filters of the address: blanks mean nothing, unreadable ones are named and left out."""
        chosen = {}
        for arg, value in request.args.items():
            found = FILTER_ARG.fullmatch(arg)
            index = int(found[1]) if found else -1
            if value.strip() and 0 <= index < len(self.offered_filters):
                chosen[index] = value
        offered = self.offered_filters
        wrong = [index for index, value in chosen.items() if not offered[index].validate(value)]
        for index in wrong:
            flash(f"Saringan “{offered[index].name}” tidak dapat dibaca dan dilewati.", "warning")
        return [(index, offered[index].name, chosen[index]) for index in sorted(chosen) if index not in wrong]

    def get_filter_arg(self, index: int, flt: Any) -> str:
        return str(index)

    def filter_args(self, active: ActiveFilters | None) -> dict[str, str]:
        return {f"flt{index}_{index}": value for index, _, value in active or ()}

    def filter_controls(self, active: ActiveFilters | None) -> list[FilterControl]:
        """Each filter as it is drawn, with what is chosen in it; none where this person has nothing to choose."""
        values = {index: value for index, _, value in active or ()}
        drawn = [self._control(index, item, values) for index, item in enumerate(self.offered_filters)]
        offered = [one for one, item in zip(drawn, self.offered_filters, strict=True) if item.is_offered or one.value]
        return [one for one in offered if one.options or one.control != Choice.control]

    def chosen_filters(self, args: ViewArgs) -> list[str]:
        """The search and the filters in words."""
        drawn = [f"{one.label}: {one.in_words}" for one in self.filter_controls(args.filters) if one.in_words]
        return [f"Cari: {args.search}"] * bool(args.search) + drawn

    def _control(self, index: int, item: Filter, values: dict[int, str]) -> FilterControl:
        options, value = item.choices(), values.get(index, "")
        in_words = item.value_words(value) if value else ""
        without = self._address_without(index) if value else ""
        return FilterControl(f"flt{index}_{index}", item.label, item.control, options, value, in_words, without)

    def _address_without(self, index: int) -> str:
        args = self.list_args()
        others = [one for one in args.filters or () if one[0] != index]
        return self.list_address(args.clone(page=None, filters=others))
