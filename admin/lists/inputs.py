"""Inputs of forms: the browser's own, and by which each kind of blank is asked (models/records/fields.py)."""

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
from wtforms import fields, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
from wtfpeewee.orm import FieldInfo

from admin.door.rows import ROW_ID
from models.records.fields import KINDS, UnknownKind, kind_of, stored_kind
from models.store.base import is_mistyped, year_wanted
from sop.clock import WIB
from sop.words import in_wib

BLANK = SelectChoice("", "– pilih –")
WALL = "%Y-%m-%dT%H:%M"
UNSEEN = ("Cc", "Cf")  # categories of characters that are no letters: controls, marks of direction, zero widths
LINES = re.compile("[\n\u2028\u2029]+")
TOO_LARGE = "Angka ini terlalu besar."
HELD = range(-(2**31), 2**31)  # the whole numbers that a column holds on every database


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


class WholeField(fields.IntegerField):
    """A whole number that a column holds. Whatever looks at it later meets none that is larger: of some hundred digits
    no float can be made, and WTForms' own range makes one."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data not in HELD:
            self.data = None
            raise ValueError(TOO_LARGE)

    def pre_validate(self, form: Any) -> None:
        """What is no number needs no second sentence."""
        if self.process_errors:
            raise StopValidation


class PickField(fields.SelectField):
    """A native select whose blank choice means nothing picked."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, "") or BLANK not in self.choices:
            super().pre_validate(form)

    def __call__(self, **kwargs: Any) -> Any:
        """HTML lets a select be required only if its first choice stands for none."""
        first = next(iter(self.iter_choices()), None)
        if first is not None and first.value not in (None, ""):
            kwargs.setdefault("required", False)
        return super().__call__(**kwargs)


class OfferedField(PickField):
    """One of what a case holds: the page of the case offers it, and the writer says whether it is there."""

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, choices=[BLANK], validate_choice=False, **kwargs)

    def offer(self, words: Iterable[str]) -> None:
        self.choices = [BLANK, *(SelectChoice(one, one) for one in words)]


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


class TicksField(fields.SelectMultipleField):
    """Several choices out of few, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def row_id(value: Any) -> int | None:
    """The id behind a choice, None for none; ValueError for what can be no id: a wrong choice."""
    if isinstance(value, peewee.Model):
        return int(value.get_id())
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


Arguments = dict[str, Any]  # of a WTForms field: each class takes its own
Make = Callable[[Any, Any, Arguments], Any]  # (view, Peewee field, what WTForms is given) -> its field
Demands = Callable[[Any], list[Any]]


@dataclass(frozen=True)
class Asked:
    """The input of one kind of blank, and what is demanded of whatever is typed into it."""

    make: Make
    demands: Demands = lambda field: []


def _input(made: type, **usual: Any) -> Make:
    return lambda view, field, arguments: made(**{**usual, **arguments})


def _pick(view: Any, field: Any, arguments: Arguments) -> Any:
    filters = [_none_if_blank] if field.null else []
    return PickField(choices=_options(field), coerce=_coercion(field), **{**arguments, "filters": filters})


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


def _options(field: Any) -> list[SelectChoice]:
    options = [SelectChoice(str(value), str(label)) for value, label in field.choices]
    return [BLANK, *options] if field.null or field.default is None else options


def _coercion(field: Any) -> Callable[[Any], Any]:
    if stored_kind(field).key == "whole":
        return lambda value: int(value) if value not in (None, "", "None") else None
    return lambda value: "" if value is None else str(value)


def _short_enough(field: Any) -> list[Any]:
    return [Length(max=field.max_length)] if field.max_length else []


def _finite(form: Any, field: Any) -> None:
    """A number that one can write down: float and Decimal take "NaN" and "Infinity" as well."""
    if not (field.data.is_finite() if isinstance(field.data, Decimal) else math.isfinite(field.data)):
        raise StopValidation("Ketik sebuah angka.")


def _fitting(field: peewee.DecimalField) -> list[Any]:
    """As many figures before and behind the comma as the column has, on every database."""
    places, most = field.decimal_places, Decimal(10) ** (field.max_digits - field.decimal_places)

    def fine_enough(form: Any, typed: Any) -> None:
        if -typed.data.normalize().as_tuple().exponent > places:
            raise StopValidation(f"Paling banyak {places} angka di belakang koma.")

    return [_finite, NumberRange(Decimal(1) - most, most - Decimal(1), TOO_LARGE), fine_enough]


def as_typed(value: Any) -> str:
    """A value as its input holds it: browsers write days and times in their own way, whatever they show."""
    if isinstance(value, datetime):
        return in_wib(value).strftime(WALL)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


NUMBER = {"widget": widgets.NumberInput(step="any")}
INPUTS: dict[str, Asked] = {
    "choice": Asked(_pick),
    "reason": Asked(_reason, _short_enough),
    "row": Asked(_row),
    "rows": Asked(_rows),
    "words": Asked(_words),
    "of_case": Asked(_input(OfferedField), _short_enough),
    "sealed": Asked(_input(fields.TextAreaField, render_kw={"rows": 3})),
    "yes_no": Asked(_input(fields.BooleanField)),
    "moment": Asked(_input(MomentField, format=[WALL, f"{WALL}:%S"]), lambda field: [likely_year]),
    "day": Asked(_input(fields.DateField), lambda field: [likely_year]),
    "time": Asked(_input(fields.TimeField, format=["%H:%M", "%H:%M:%S"])),
    "decimal": Asked(_input(fields.DecimalField, places=None, **NUMBER), _fitting),
    "float": Asked(_input(fields.FloatField, **NUMBER), lambda field: [_finite]),
    "whole": Asked(_input(WholeField)),
    "line": Asked(_input(fields.StringField), _short_enough),
    "text": Asked(_input(fields.TextAreaField, render_kw={"rows": 5})),
}


def check(inputs: Iterable[str]) -> None:
    """UnknownKind, in a sentence, for the kinds that can be shown but not asked for."""
    lacking = [kind.key for kind in KINDS if kind.key not in inputs]
    if lacking:
        raise UnknownKind(f"Jenis isian {', '.join(lacking)} belum mempunyai kolom isian pada admin/lists/inputs.py.")


check(INPUTS)


class NativeConverter(CustomModelConverter):
    """Peewee field -> WTForms field: label from verbose_name, help from help_text, choices and parents as <select>."""

    def convert(self, model: Any, field: Any, field_args: Arguments | None) -> FieldInfo:
        asked = INPUTS[kind_of(field).key]
        clean = clean_line if isinstance(field, peewee.CharField) else clean_text
        arguments = {
            "label": field.verbose_name or self.view.get_column_name(field.name),
            "description": field.help_text or "",
            "default": field.default,
            "filters": [clean, *([_none_if_blank] if field.null else [])],
            **(field_args or {}),
        }
        first = Required() if _must_be_filled(field) else Optional()
        arguments["validators"] = [first, *asked.demands(field), *arguments.get("validators", ())]
        own = self.overrides.get(field.name)
        return FieldInfo(field.name, own(**arguments) if own else asked.make(self.view, field, arguments))


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


def _must_be_filled(field: Any) -> bool:
    """Whether a form may not leave the column blank: only free text can be left empty without being NULL."""
    if field.null or isinstance(field, peewee.BooleanField):
        return False
    if field.choices:
        return "" not in dict(field.choices)
    return field.default is None or not stored_kind(field).may_be_empty


def form_for(view: Any, model: Any, names: Iterable[str], base: type = BaseForm, **extra: Any) -> type:
    """A form class with these columns of a model, in this order, and extra fields behind them."""
    converter, args = view.model_form_converter(view), view.form_args or {}
    made = {name: converter.convert(model, model._meta.fields[name], args.get(name)).field for name in names}
    return type(f"{model.__name__}Form", (base,), {**made, **extra})
