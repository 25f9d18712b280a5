"""What a column is called and how its values read: labels from the models, dates in WIB, Ya and Tidak."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from markupsafe import Markup

from admin.door.flaskadmin import FlaskAdminView
from models.records import fields
from models.records.fields import KINDS, BlankKind, IdList, blank_in_words
from sop.words import format_short_date

BADGE = Markup('<span class="badge {}">{}</span>')
NOTHING = Markup('<span class="muted" role="img" aria-label="kosong">–</span>')


NO_BREAK = "\N{NO-BREAK SPACE}"  # a date is never broken at the end of a line


def kept_together(words: str) -> str:
    """The same words on one line."""
    return words.replace(" ", NO_BREAK)


def short_date(day: date) -> str:
    """24 Nov 2026, for a column."""
    return kept_together(format_short_date(day))


def short_moment(moment: datetime) -> str:
    """24 Nov 2026 09.14, for a column."""
    return kept_together(fields.short_moment(moment))


def by_parts(number: str) -> Markup:
    """A long number that is broken after a stroke, never within a part of it."""
    return Markup("/<wbr>").join(number.split("/"))


def _short(kind: BlankKind) -> Any:
    return lambda view, value, name: kept_together(kind.short(value))


def _long(view: Any, value: Any, name: str) -> str:
    return fields.value_in_words(value)


def _called(view: Any, context: Any, row: Any, name: str) -> str:
    """What several rows of another table are called, as the form offers them."""
    return fields.value_in_words(blank_in_words(view.model._meta.fields[name], getattr(row, name), fields.Names()))


VALUES = {kind.value: kind for kind in KINDS if kind.value}
TYPES: dict[type, Any] = {
    type(None): lambda view, value, name: NOTHING,
    **{value: _short(kind) for value, kind in VALUES.items()},
    bool: lambda view, value, name: BADGE.format("good", "Ya") if value else BADGE.format("neutral", "Tidak"),
    Enum: lambda view, value, name: str(value.value),
    list: lambda view, values, name: ", ".join(map(str, values)),
}
LONG: dict[type, Any] = dict.fromkeys((datetime, date), _long)


class Columns(FlaskAdminView):
    """Mixin of PanelView: no column that is not named, no value raw."""

    column_type_formatters = TYPES
    column_type_formatters_detail = {**TYPES, **LONG}

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        choices = {name: field.choices for name, field in model._meta.fields.items() if field.choices}
        self.column_choices: dict[str, Any] = {**choices, **(self.column_choices or {})}
        called = {name: _called for name, field in model._meta.fields.items() if isinstance(field, IdList)}
        self.column_formatters: dict[str, Any] = {**called, **(self.column_formatters or {})}
        super().__init__(model, *args, **kwargs)

    def get_column_name(self, field: str) -> str:
        labels: dict[str, str] = self.column_labels or {}
        if field in labels:
            return labels[field]
        named = self.model._meta.fields.get(str(field).split(".")[0])
        label: str = (named is not None and named.verbose_name) or super().get_column_name(field)
        return label

    def get_column_names(self, only_columns: Iterable[str], excluded_columns: Any) -> list[tuple[str, str]]:
        names: list[tuple[str, str]] = super().get_column_names(only_columns or (), excluded_columns)
        return names

    def scaffold_list_columns(self) -> list[str]:
        return []

    def scaffold_sortable_columns(self) -> dict[str, Any]:
        return {}

    def get_detail_text(self, row: Any, name: str) -> Any:
        """A value as the details page shows it."""
        no_template: Any = None
        return self.get_detail_value(no_template, row, name)
