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


class Filtering(ViewPart):
    """Part of a list: filters read from the address and drawn as plain form controls."""

    def filters_of(self, name: str) -> list[Filter]:
        """The filters of a column that the view names only by its name."""
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
        """A filter that the view names itself, with its label and its column."""
        item.name = item.name or self.view.get_column_name(item.column)
        item.column = self.view.column(item.column)
        return item

    def asked(self) -> ActiveFilters:
        """Filters of the address: blanks mean nothing, unreadable ones are named and left out."""
        chosen, offered = {}, self.view.offered_filters
        for arg, value in request.args.items():
            found = FILTER_ARG.fullmatch(arg)
            index = int(found[1]) if found else -1
            if value.strip() and 0 <= index < len(offered):
                chosen[index] = value
        wrong = [index for index, value in chosen.items() if not offered[index].validate(value)]
        for index in wrong:
            flash(f"Saringan “{offered[index].name}” tidak dapat dibaca dan dilewati.", "warning")
        return [(index, offered[index].name, chosen[index]) for index in sorted(chosen) if index not in wrong]

    def arguments(self, active: ActiveFilters | None) -> dict[str, str]:
        """Filters as parameters of an address."""
        return {f"flt{index}_{index}": value for index, _, value in active or ()}

    def controls(self, active: ActiveFilters | None) -> list[FilterControl]:
        """Each filter as it is drawn, with what is chosen in it; none where this person has nothing to choose."""
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
        in_words = item.value_words(value) if value else ""
        without = self._address_without(index) if value else ""
        return FilterControl(f"flt{index}_{index}", item.label, item.control, options, value, in_words, without)

    def _address_without(self, index: int) -> str:
        args = self.view.list_args()
        others = [one for one in args.filters or () if one[0] != index]
        return str(self.view.list_address(args.clone(page=None, filters=others)))
