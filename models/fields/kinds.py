"""The kinds of blanks, one line each: by which fields it is known, how told, how invented for a sample, how short.

How each is asked stands on the admin floor (admin/kit/asked.py) under the same keys; a start finds what lacks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import peewee as pw

from models.fields.classes import CaseNumber, IdList, ManyOf, OneOfCase, ReasonField, SealedText
from models.fields.words import Names, Words, clock_time, in_number, short_moment, value_in_words
from models.store.base import Json, Moment
from sop.words import format_short_date

Told = Callable[[pw.Field, Any, Names], Words]


class UnknownKind(SystemExit):
    """A field of a kind that the panel can neither ask for nor tell."""


@dataclass(frozen=True)
class BlankKind:
    """What a blank of this kind is."""

    key: str
    fields: tuple[type[pw.Field], ...]
    told: Told | None  # on paper, on pages, in the history; None: only by who opens the seal
    invented: Callable[[pw.Field, datetime], Any]  # for the settings' preview
    may_be_empty: bool = False  # an empty one is a value too, where the field has a default
    value: type | None = None  # of what Python type it is, if columns and CSV tell it otherwise than by str
    short: Callable[[Any], str] = str  # in a column and in CSV


def _in_words(field: pw.Field, value: Any, names: Names) -> Words:
    return value_in_words(value)


def _text(field: pw.Field, value: Any, names: Names) -> Words:
    return "" if value is None else str(value)


def _list(field: pw.Field, value: Any, names: Names) -> Words:
    return list(value or ())


def _row(field: pw.ForeignKeyField, value: Any, names: Names) -> Words:
    return "".join(names.of(field.rel_model, [value])) if value else ""


def _rows(field: IdList, value: Any, names: Names) -> Words:
    return names.of(field.of, value or ())


def _label(field: pw.Field, value: Any, names: Names) -> Words:
    return str(dict(field.choices).get(value, "" if value is None else value))


def _example(field: pw.Field, at: datetime) -> str:
    return f"Contoh {str(field.verbose_name).lower()}"


def _yes_no(value: bool) -> str:
    return value_in_words(value)


CHOICE = BlankKind("choice", (), _label, lambda field, at: field.choices[0][0])  # any field with choices of its own
KINDS = (
    CHOICE,
    BlankKind("reason", (ReasonField,), _text, _example, may_be_empty=True),
    BlankKind("row", (pw.ForeignKeyField,), _row, lambda field, at: None),
    BlankKind("rows", (IdList,), _rows, lambda field, at: [], may_be_empty=True),
    BlankKind("words", (ManyOf,), _list, lambda field, at: list(field.words[:2]), may_be_empty=True),
    BlankKind("of_case", (OneOfCase,), _text, _example, may_be_empty=True),
    BlankKind("sealed", (SealedText,), None, lambda field, at: None, may_be_empty=True),
    BlankKind("yes_no", (pw.BooleanField,), _in_words, lambda field, at: True, True, bool, _yes_no),
    BlankKind("moment", (Moment,), _in_words, lambda field, at: at, value=datetime, short=short_moment),
    BlankKind("day", (pw.DateField,), _in_words, lambda field, at: at.date(), value=date, short=format_short_date),
    BlankKind("time", (pw.TimeField,), _in_words, lambda field, at: at.time(), value=time, short=clock_time),
    BlankKind(
        "decimal", (pw.DecimalField,), _in_words, lambda field, at: Decimal("2.5"), value=Decimal, short=in_number
    ),
    BlankKind("float", (pw.FloatField, pw.DoubleField), _in_words, lambda field, at: 2.5, value=float, short=in_number),
    BlankKind("whole", (pw.IntegerField, pw.BigIntegerField, pw.SmallIntegerField), _in_words, lambda field, at: 1),
    BlankKind("line", (pw.CharField, CaseNumber), _text, _example, may_be_empty=True),
    BlankKind("text", (pw.TextField,), _text, _example, may_be_empty=True),
)
_KNOWN = {one: kind for kind in KINDS for one in kind.fields}


def kind_of(field: pw.Field) -> BlankKind:
    """The kind of a blank. UnknownKind, in a sentence that names the field, for one that the panel has no words for."""
    return CHOICE if getattr(field, "choices", None) else stored_kind(field)


_BY_CLASS: dict[type[pw.Field], BlankKind | None] = {}


def _kind_of_class(of: type[pw.Field]) -> BlankKind | None:
    for field_class in of.__mro__:
        if field_class in _KNOWN:
            return _KNOWN[field_class]
        if field_class is Json or field_class.__module__ == pw.__name__:
            return None  # peewee's own: what is built on a known one may be anything, as its TimestampField
    return None


def stored_kind(field: pw.Field) -> BlankKind:
    """The same whether the blank has choices or not: as the field keeps it."""
    if type(field) not in _BY_CLASS:
        _BY_CLASS[type(field)] = _kind_of_class(type(field))
    if kind := _BY_CLASS[type(field)]:
        return kind
    known = ", ".join(sorted(field_class.__name__ for field_class in _KNOWN))
    raise UnknownKind(
        f"{field.model.__name__}.{field.name}: {type(field).__name__} belum dikenal sebagai jenis isian. "
        f"Yang dikenal: {known}. Jenis baru ditambahkan pada models/fields/kinds.py dan admin/kit/asked.py."
    )
