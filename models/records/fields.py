"""The kinds of blanks of records: their field classes, how each is recognised, told and invented.

How each is asked stands on the admin floor (admin/lists/inputs.py) under the same keys; a start finds what lacks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

import peewee as pw

from models.office.contacts import is_masked, masked_value
from models.records.in_words import Names, Words, clock_time, in_number, short_moment, value_in_words
from models.store.base import Json, Model, Moment
from sop.words import format_short_date


class ReasonField(pw.CharField):
    """A blank picked from the office's list of reasons for the transition; required where the list has entries."""


class CaseNumber(pw.CharField):
    """A blank that names another complaint by its register number; told only to whom may open that one.

    Where it must be filled the record is about both complaints, and so are its other blanks.
    """

    @property
    def is_asked_for(self) -> bool:
        return self.default is None


class OneOfCase(pw.CharField):
    """A blank picked from what the case itself holds, by its words: its record says what is `offered`."""


class IdList(Json):
    """A blank of several choices out of a table, kept as a list of ids."""

    def __init__(self, of: type[Model], **options: Any) -> None:
        self.of = of
        super().__init__(default=list, **options)


class ManyOf(Json):
    """A blank of several choices out of the office's list of words, kept as a list of words.

    `offered` is the list of the day; `ever` holds what was on it before, which cases of that time still carry.
    """

    def __init__(
        self, offered: Callable[[], tuple[str, ...]], ever: Callable[[], frozenset[str]], **options: Any
    ) -> None:
        self.offered, self.ever = offered, ever
        super().__init__(default=list, **options)

    @property
    def words(self) -> tuple[str, ...]:
        return self.offered()


class SealedText(pw.BlobField):
    """A text blank that is stored sealed under its case."""


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
        f"Yang dikenal: {known}. Jenis baru ditambahkan pada models/records/fields.py dan admin/lists/inputs.py."
    )


class Form(Protocol):
    """What has blanks: a model of records."""

    @classmethod
    def blanks(cls) -> list[pw.Field]: ...


def told_blanks(form: type[Form], only: Iterable[str] | None = None) -> list[pw.Field]:
    """The blanks that are told in words, in the order of the form: all but what is sealed; or `only` these."""
    return [f for f in _told_of(form) if only is None or f.name in only]


@cache
def _told_of(form: type[Form]) -> tuple[pw.Field, ...]:
    return tuple(f for f in form.blanks() if kind_of(f).told)


def blank_in_words(field: pw.Field, value: Any, names: Names) -> Words:
    """One blank as people read it: several choices as a list."""
    words = whole_blank_in_words(field, value, names)
    return masked_value(words) if is_masked(field) else words


def whole_blank_in_words(field: pw.Field, value: Any, names: Names) -> Words:
    """The same with all numbers of persons that somebody typed into it: for whom they are not hidden."""
    told = kind_of(field).told
    return told(field, value, names) if told else ""


def blanks_in_words(
    form: type[Form], blanks: Mapping[str, Any], names: Names, only: Iterable[str] | None = None
) -> dict[str, Words]:
    """Filled blanks by label, in the order of the form; nothing is said of what is empty."""
    told = ((str(f.verbose_name), blank_in_words(f, blanks.get(f.name), names)) for f in told_blanks(form, only))
    return {label: words for label, words in told if words}


def check(forms: Iterable[type[Form]]) -> None:
    """UnknownKind for the first blank that nobody could ask for or tell."""
    for field in _all(forms):
        kind_of(field)


def _all(forms: Iterable[type[Form]]) -> Iterator[pw.Field]:
    for form in forms:
        yield from form.blanks()
