"""Form fields with native inputs, and which one each field kind of models/records/fields.py gets."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

import peewee
from flask_admin.contrib.peewee.form import CustomModelConverter
from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import fields, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
from wtforms.widgets.core import clean_key
from wtfpeewee.orm import FieldInfo

from admin.door.rows import ROW_ID
from models.records.fields import KINDS, UnknownKind, kind_of, stored_kind
from models.store.base import is_mistyped, year_wanted
from sop.clock import WIB
from sop.words import in_wib

BLANK = SelectChoice("", "– pilih –")
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"
# Unicode categories to strip: control and format (bidirectional, zero-width) characters
INVISIBLE_CATEGORIES = ("Cc", "Cf")
LINES = re.compile("[\n\u2028\u2029]+")
TOO_LARGE = "Angka ini terlalu besar."
INT32 = range(-(2**31), 2**31)  # what an integer column can store on every database


class Required(InputRequired):
    """Require input that is not blank after cleaning."""

    def __call__(self, form: Any, field: Any) -> None:
        first = field.raw_data[0] if field.raw_data else ""
        left = field.data if first and isinstance(field.data, str) else first
        if isinstance(left, str) and not clean_text(left):
            field.errors[:] = []
            raise StopValidation(field.gettext("This field is required."))


def plausible_year(form: Any, field: Any) -> None:
    """Reject dates and moments of an implausible year."""
    if is_mistyped(field.data):
        raise StopValidation(year_wanted())


class MomentField(fields.DateTimeLocalField):
    """An aware datetime, typed and displayed in WIB."""

    data: datetime | None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self._wall(self.data)

    def _wall(self, moment: datetime | None) -> str:
        return in_wib(moment).strftime(LOCAL_FORMAT) if moment else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0] == self._wall(self.object_data):
            return  # unchanged: retain the stored seconds
        super().process_formdata(valuelist)
        if self.data and valuelist:
            self.data = self.data.replace(tzinfo=WIB)


class WholeField(fields.IntegerField):
    """A 32-bit integer. Checked here, before the validators: NumberRange of WTForms converts to float, which fails for
    hundreds of digits."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data not in INT32:
            self.data = None
            raise ValueError(TOO_LARGE)

    def pre_validate(self, form: Any) -> None:
        """Skip the validators after a parse error, so that one message is shown."""
        if self.process_errors:
            raise StopValidation


class PlainOptions(widgets.Select):
    """The same HTML as WTForms', which takes half the time of a form of two hundred options for their attributes."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **kwargs: Any) -> Any:
        attributes = {"value": choice.value, **(choice.render_kw or {})}
        if kwargs or any(isinstance(value, bool) for value in attributes.values()):
            return super().render_option(choice, **kwargs)
        if choice.selected:
            attributes["selected"] = True
        written = (
            clean_key(k) if v is True else Markup('%s="%s"') % (clean_key(k), v) for k, v in sorted(attributes.items())
        )
        return Markup("<option %s>%s</option>") % (Markup(" ").join(written), choice.label or choice.value)


class PickField(fields.SelectField):
    """A native select whose blank choice means None."""

    widget = PlainOptions()

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, "") or BLANK not in self.choices:
            super().pre_validate(form)

    def __call__(self, **kwargs: Any) -> Any:
        """HTML allows `required` on a select only if its first option is blank."""
        first = next(iter(self.iter_choices()), None)
        if first is not None and first.value not in (None, ""):
            kwargs.setdefault("required", False)
        return super().__call__(**kwargs)


class CaseChoiceField(PickField):
    """A choice from the case's own values: the page sets the options, the write function validates."""

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, choices=[BLANK], validate_choice=False, **kwargs)

    def offer(self, words: Iterable[str]) -> None:
        self.choices = [BLANK, *(SelectChoice(one, one) for one in words)]


class RowField(PickField):
    """One row of another table, from `rows()` at each request; the stored row remains an option."""

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


class TicksField(fields.SelectMultipleField):
    """Multiple choice as checkboxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def row_id(value: Any) -> int | None:
    """The id of a choice, None for blank; ValueError for text that is no id."""
    if isinstance(value, peewee.Model):
        return int(value.get_id())
    if value in (None, "", "None"):
        return None
    if not ROW_ID.fullmatch(str(value)):
        raise ValueError(value)
    return int(value)


def clean_text(value: Any) -> Any:
    """Normalise line ends and strip control and bidirectional characters, which are invisible."""
    if not isinstance(value, str):
        return value
    plain = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        char for char in plain if char == "\n" or unicodedata.category(char) not in INVISIBLE_CATEGORIES
    ).strip()


def clean_line(value: Any) -> Any:
    """The same, with line breaks replaced by spaces."""
    return " ".join(LINES.split(clean_text(value))) if isinstance(value, str) else value


Arguments = dict[str, Any]  # keyword arguments of a WTForms field class
Make = Callable[[Any, Any, Arguments], Any]  # (view, Peewee field, arguments) -> WTForms field
Demands = Callable[[Any], list[Any]]


@dataclass(frozen=True)
class FieldInput:
    """The form field for one field kind, and its validators."""

    make: Make
    demands: Demands = lambda field: []


def _input(field_class: type, **defaults: Any) -> Make:
    return lambda view, field, arguments: field_class(**{**defaults, **arguments})


def _pick(view: Any, field: Any, arguments: Arguments) -> Any:
    choices = [SelectChoice(str(value), str(label)) for value, label in field.choices]
    if field.null or field.default is None:
        choices.insert(0, BLANK)
    filters = [_none_if_blank] if field.null else []
    return PickField(choices=choices, coerce=_coercion(field), **{**arguments, "filters": filters})


def _row(view: Any, field: Any, arguments: Arguments) -> Any:
    return RowField(rows=lambda: view.choosable(field), **{**arguments, "filters": []})


def _reason(view: Any, field: Any, arguments: Arguments) -> Any:
    return PickField(choices=lambda: [BLANK, *_choices(view.reasons())], **{**arguments, "filters": []})


def _words(view: Any, field: Any, arguments: Arguments) -> Any:
    return TicksField(choices=lambda: _choices(view.words(field)), **_without_demands(arguments))


def _rows(view: Any, field: Any, arguments: Arguments) -> Any:
    rows = partial(view.choosable, field)
    return TicksField(
        choices=lambda: [SelectChoice(row.id, str(row)) for row in rows()], coerce=int, **_without_demands(arguments)
    )


def _choices(texts: Iterable[str]) -> list[SelectChoice]:
    return [SelectChoice(text, text) for text in texts]


def _without_demands(arguments: Arguments) -> Arguments:
    return {**arguments, "filters": [], "validators": [], "default": None}


def _coercion(field: Any) -> Callable[[Any], Any]:
    if stored_kind(field).key == "whole":
        return lambda value: int(value) if value not in (None, "", "None") else None
    return lambda value: "" if value is None else str(value)


def _short_enough(field: Any) -> list[Any]:
    return [Length(max=field.max_length)] if field.max_length else []


def _finite(form: Any, field: Any) -> None:
    """Reject "NaN" and "Infinity", which float and Decimal parse."""
    if not (field.data.is_finite() if isinstance(field.data, Decimal) else math.isfinite(field.data)):
        raise StopValidation("Ketik sebuah angka.")


def _fitting(field: peewee.DecimalField) -> list[Any]:
    """At most as many digits before and after the comma as the column stores, on every database."""
    places, most = field.decimal_places, Decimal(10) ** (field.max_digits - field.decimal_places)

    def fine_enough(form: Any, typed: Any) -> None:
        if -typed.data.normalize().as_tuple().exponent > places:
            raise StopValidation(f"Paling banyak {places} angka di belakang koma.")

    return [_finite, NumberRange(Decimal(1) - most, most - Decimal(1), TOO_LARGE), fine_enough]


def html_value(value: Any) -> str:
    """A value as an HTML input's `value`: ISO for dates and times, whatever the browser displays."""
    if isinstance(value, datetime):
        return in_wib(value).strftime(LOCAL_FORMAT)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


NUMBER = {"widget": widgets.NumberInput(step="any")}
INPUTS: dict[str, FieldInput] = {
    "choice": FieldInput(_pick),
    "reason": FieldInput(_reason, _short_enough),
    "row": FieldInput(_row),
    "rows": FieldInput(_rows),
    "words": FieldInput(_words),
    "of_case": FieldInput(_input(CaseChoiceField), _short_enough),
    "sealed": FieldInput(_input(fields.TextAreaField, render_kw={"rows": 3})),
    "yes_no": FieldInput(_input(fields.BooleanField)),
    "moment": FieldInput(
        _input(MomentField, format=[LOCAL_FORMAT, f"{LOCAL_FORMAT}:%S"]), lambda field: [plausible_year]
    ),
    "day": FieldInput(_input(fields.DateField), lambda field: [plausible_year]),
    "time": FieldInput(_input(fields.TimeField, format=["%H:%M", "%H:%M:%S"])),
    "decimal": FieldInput(_input(fields.DecimalField, places=None, **NUMBER), _fitting),
    "float": FieldInput(_input(fields.FloatField, **NUMBER), lambda field: [_finite]),
    "whole": FieldInput(_input(WholeField)),
    "line": FieldInput(_input(fields.StringField), _short_enough),
    "text": FieldInput(_input(fields.TextAreaField, render_kw={"rows": 5})),
}


def check(inputs: Iterable[str]) -> None:
    """Raise UnknownKind for field kinds that have no input."""
    lacking = [kind.key for kind in KINDS if kind.key not in inputs]
    if lacking:
        raise UnknownKind(f"Jenis isian {', '.join(lacking)} belum mempunyai kolom isian pada admin/lists/inputs.py.")


check(INPUTS)


class NativeConverter(CustomModelConverter):
    """Peewee field -> WTForms field: label from verbose_name, help from help_text, choices and parents as <select>."""

    def convert(self, model: Any, field: Any, field_args: Arguments | None) -> FieldInfo:
        field_input = INPUTS[kind_of(field).key]
        clean = clean_line if isinstance(field, peewee.CharField) else clean_text
        arguments = {
            "label": field.verbose_name or self.view.get_column_name(field.name),
            "description": field.help_text or "",
            "default": field.default,
            "filters": [clean, *([_none_if_blank] if field.null else [])],
            **(field_args or {}),
        }
        first = Required() if _must_be_filled(field) else Optional()
        arguments["validators"] = [first, *field_input.demands(field), *arguments.get("validators", ())]
        own = self.overrides.get(field.name)
        return FieldInfo(field.name, own(**arguments) if own else field_input.make(self.view, field, arguments))


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


def _must_be_filled(field: Any) -> bool:
    """Whether the form field is required: only free text may be empty without being NULL."""
    if field.null or isinstance(field, peewee.BooleanField):
        return False
    if field.choices:
        return "" not in dict(field.choices)
    return field.default is None or not stored_kind(field).may_be_empty


def form_for(view: Any, model: Any, names: Iterable[str], base: type = BaseForm, **extra: Any) -> type:
    """A form class with these columns of a model, in this order, followed by the extra fields."""
    converter, args = view.model_form_converter(view), view.form_args or {}
    columns = {name: converter.convert(model, model._meta.fields[name], args.get(name)).field for name in names}
    return type(f"{model.__name__}Form", (base,), {**columns, **extra})
