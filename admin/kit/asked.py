"""How each kind of blank is asked on a form, by the keys of models/records/fields.py: a start finds a kind without."""

import math
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
from wtforms.validators import Length, NumberRange, Optional, StopValidation
from wtfpeewee.orm import FieldInfo

from admin.kit.fields import (
    BLANK,
    TOO_LARGE,
    WALL,
    MomentField,
    OfferedField,
    PickField,
    Required,
    RowField,
    TicksField,
    WholeField,
    clean_line,
    clean_text,
    likely_year,
)
from models.records.fields import KINDS, UnknownKind, kind_of, stored_kind
from sop.words import in_wib

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
    """UnknownKind, in a sentence, for the kinds that can be told but not asked for."""
    lacking = [kind.key for kind in KINDS if kind.key not in inputs]
    if lacking:
        raise UnknownKind(f"Jenis isian {', '.join(lacking)} belum mempunyai kolom isian pada admin/kit/asked.py.")


check(INPUTS)


class NativeConverter(CustomModelConverter):
    """Peewee field -> WTForms field: label from verbose_name, help from help_text, choices and parents as <select>."""

    def convert(self, model: Any, field: Any, field_args: Arguments | None) -> FieldInfo:
        asked = INPUTS[kind_of(field).key]
        arguments = {
            "label": field.verbose_name or self.view.get_column_name(field.name),
            "description": field.help_text or "",
            "default": field.default,
            "filters": [_cleaning(field), *([_none_if_blank] if field.null else [])],
            **(field_args or {}),
        }
        first = Required() if _must_be_filled(field) else Optional()
        arguments["validators"] = [first, *asked.demands(field), *arguments.get("validators", ())]
        own = self.overrides.get(field.name)
        return FieldInfo(field.name, own(**arguments) if own else asked.make(self.view, field, arguments))


def _cleaning(field: Any) -> Callable[[Any], Any]:
    return clean_line if isinstance(field, peewee.CharField) else clean_text


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


def _must_be_filled(field: Any) -> bool:
    """Whether a form may not leave the column blank: only free text can be kept empty without being NULL."""
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
