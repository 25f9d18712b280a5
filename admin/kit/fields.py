"""Forms from Peewee models with the browser's own inputs: native select, date and number, no script needed."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import peewee
from flask_admin.contrib.peewee.form import CustomModelConverter
from flask_admin.form import BaseForm
from wtforms import fields, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
from wtfpeewee.orm import FieldInfo

from admin.door.ids import ROW_ID
from models.store.base import is_mistyped, year_wanted
from sop.clock import WIB
from sop.words import in_wib

BLANK = SelectChoice("", "– pilih –")
WALL = "%Y-%m-%dT%H:%M"
UNSEEN = ("Cc", "Cf")  # categories of characters that are no letters: controls, marks of direction, zero widths
LINES = re.compile("[\n\u2028\u2029]+")
WHOLE = NumberRange(-(2**31), 2**31 - 1, "Angka ini terlalu besar.")


class Required(InputRequired):
    """Something must be typed or picked of which more than blanks is left when it has been cleaned."""

    def __call__(self, form: Any, field: Any) -> None:
        first = field.raw_data[0] if field.raw_data else ""
        left = field.data if first and isinstance(field.data, str) else first
        if isinstance(left, str) and not clean_text(left):
            field.errors[:] = []
            raise StopValidation(field.gettext("This field is required."))


def likely_year(form: Any, field: Any) -> None:
    """A day or a moment of a year that somebody can mean."""
    if is_mistyped(field.data):
        raise StopValidation(year_wanted())


class MomentField(fields.DateTimeLocalField):
    """An aware moment, typed and shown on the office's clock."""

    data: datetime | None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self._wall(self.data)

    def _wall(self, moment: datetime | None) -> str:
        return in_wib(moment).strftime(WALL) if moment else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0] == self._wall(self.object_data):
            return  # left as it was shown: keep the stored seconds
        super().process_formdata(valuelist)
        if self.data and valuelist:
            self.data = self.data.replace(tzinfo=WIB)


class PickField(fields.SelectField):
    """A native select whose blank choice means nothing picked."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, "") or BLANK not in self.choices:
            super().pre_validate(form)


class RowField(PickField):
    """One row of another table, out of those that `rows` gives for this request; the stored row stays choosable."""

    def __init__(
        self, label: str | None = None, validators: Any = None, *, rows: Callable[[], Iterable[Any]], **kwargs: Any
    ) -> None:
        super().__init__(label, validators, coerce=row_id, choices=self._offer, **kwargs)
        self.rows = rows
        self._stored: peewee.Model | None = None

    def process_data(self, value: Any) -> None:
        self._stored = value if isinstance(value, peewee.Model) else None
        super().process_data(value)

    def _offer(self) -> list[SelectChoice]:
        rows = {row.get_id(): row for row in self.rows()}
        if self._stored is not None:
            rows.setdefault(self._stored.get_id(), self._stored)
        return [BLANK, *(SelectChoice(str(key), str(row)) for key, row in rows.items())]


def row_id(value: Any) -> int | None:
    """The id behind a choice, None for none; ValueError for what can be no id: a wrong choice."""
    if isinstance(value, peewee.Model):
        return value.get_id()
    if value in (None, "", "None"):
        return None
    if not ROW_ID.fullmatch(str(value)):
        raise ValueError(value)
    return int(value)


def clean_text(value: Any) -> Any:
    """What was typed in several lines, without control and bidirectional characters, which no reader sees."""
    if not isinstance(value, str):
        return value
    plain = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in UNSEEN).strip()


def clean_line(value: Any) -> Any:
    """The same in one line: what was pasted from several stands behind one another."""
    return " ".join(LINES.split(clean_text(value))) if isinstance(value, str) else value


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


KINDS: tuple[tuple[Any, type, dict[str, Any]], ...] = (  # a subclass before its base
    (peewee.BooleanField, fields.BooleanField, {}),
    (peewee.DateTimeField, MomentField, {"format": [WALL, f"{WALL}:%S"]}),
    (peewee.DateField, fields.DateField, {}),
    (peewee.TimeField, fields.TimeField, {"format": ["%H:%M", "%H:%M:%S"]}),
    (peewee.DecimalField, fields.DecimalField, {"places": None, "widget": widgets.NumberInput(step="any")}),
    (peewee.FloatField, fields.FloatField, {"widget": widgets.NumberInput(step="any")}),
    (peewee.IntegerField, fields.IntegerField, {}),
    (peewee.BigIntegerField, fields.IntegerField, {}),
    (peewee.CharField, fields.StringField, {}),
    (peewee.TextField, fields.TextAreaField, {"render_kw": {"rows": 5}}),
)


class NativeConverter(CustomModelConverter):
    """Peewee field -> WTForms field: label from verbose_name, help from help_text, choices and parents as <select>."""

    def convert(self, model: Any, field: Any, field_args: dict[str, Any] | None) -> FieldInfo:
        given = {
            "label": self._label(field),
            "description": field.help_text or "",
            "default": field.default,
            "filters": [self._cleaning(field), *([_none_if_blank] if field.null else [])],
            **(field_args or {}),
        }
        given["validators"] = [*self._demands(field), *given.get("validators", ())]
        maker = self.overrides.get(field.name) or self._maker(field)
        return FieldInfo(field.name, maker(**given))

    def _cleaning(self, field: Any) -> Callable[[Any], Any]:
        return clean_line if isinstance(field, peewee.CharField) else clean_text

    def _label(self, field: Any) -> str:
        return field.verbose_name or self.view.get_column_name(field.name)

    def _demands(self, field: Any) -> list[Any]:
        demands: list[Any] = [Required() if _must_be_filled(field) else Optional()]
        if isinstance(field, peewee.CharField) and field.max_length and not field.choices:
            demands.append(Length(max=field.max_length))
        if isinstance(field, peewee.IntegerField) and not isinstance(field, peewee.ForeignKeyField):
            demands.append(WHOLE)
        if isinstance(field, peewee.DateTimeField | peewee.DateField):
            demands.append(likely_year)
        return demands

    def _maker(self, field: Any) -> Callable[..., Any]:
        if isinstance(field, peewee.ForeignKeyField):
            return lambda **given: RowField(rows=lambda: self.view.choosable(field), **{**given, "filters": []})
        if field.choices:
            return lambda **given: PickField(
                choices=_options(field),
                coerce=_coercion(field),
                **{**given, "filters": [_none_if_blank] if field.null else []},
            )
        for kind, made, extra in KINDS:
            if isinstance(field, kind):
                return lambda **given: made(**{**extra, **given})
        raise TypeError(f"No form field for {field.model.__name__}.{field.name} ({type(field).__name__})")


def _must_be_filled(field: Any) -> bool:
    """Whether a form may not leave the column blank: only free text can be kept empty without being NULL."""
    if field.null or isinstance(field, peewee.BooleanField):
        return False
    if field.choices:
        return "" not in dict(field.choices)
    return field.default is None or not isinstance(field, peewee.CharField | peewee.TextField)


def _options(field: Any) -> list[SelectChoice]:
    options = [SelectChoice(str(value), str(label)) for value, label in field.choices]
    return [BLANK, *options] if field.null or field.default is None else options


def _coercion(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, peewee.IntegerField):
        return lambda value: int(value) if value not in (None, "", "None") else None
    return lambda value: "" if value is None else str(value)


def form_for(view: Any, model: Any, names: Iterable[str], base: type = BaseForm, **extra: Any) -> type:
    """A form class with these columns of a model, in this order, and extra fields behind them."""
    converter, args = view.model_form_converter(view), view.form_args or {}
    made = {name: converter.convert(model, model._meta.fields[name], args.get(name)).field for name in names}
    return type(f"{model.__name__}Form", (base,), {**made, **extra})
