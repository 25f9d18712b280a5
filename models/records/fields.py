"""The kinds of blanks of records: field classes, formatting in words, and sample values.

The form input of each kind is in admin/lists/inputs.py under the same key; a missing one is reported at start.
"""

from collections.abc import Callable, Iterable, Mapping
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
    """A choice from the office's list of reasons for the transition; required if the list has entries."""


class CaseNumber(pw.CharField):
    """The register number of another complaint; shown only to users who may open that one.

    If it is required, the record's other blanks concern both complaints as well.
    """

    @property
    def is_asked_for(self) -> bool:
        return self.default is None


class OneOfCase(pw.CharField):
    """A choice, by its text, from what the record's `offered` returns for the case."""


class IdList(Json):
    """Several rows of a table, stored as a list of ids."""

    def __init__(self, of: type[Model], **options: Any) -> None:
        self.of = of
        super().__init__(default=list, **options)


class ManyOf(Json):
    """Several words of an office list, stored as a list of words.

    `offered` returns the present list, `ever` all words that were ever on it and may be stored in older cases.
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
    """A text stored encrypted under the key of its case."""


Formatter = Callable[[pw.Field, Any, Names], Words]


class UnknownKind(SystemExit):
    """A field class that is not among KINDS."""


@dataclass(frozen=True)
class BlankKind:
    """How blanks of one kind are formatted and previewed."""

    key: str
    fields: tuple[type[pw.Field], ...]
    formatter: Formatter | None  # format for papers, pages and history; None: sealed
    invented: Callable[[pw.Field, datetime], Any]  # sample value for the preview of settings
    may_be_empty: bool = False  # whether empty is valid for a field with a default
    value: type | None = None  # Python type, if lists and CSV format it by `short`
    short: Callable[[Any], str] = str  # format for lists and CSV


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


CHOICE = BlankKind("choice", (), _label, lambda field, at: field.choices[0][0])  # any field with `choices`
KINDS = (
    CHOICE,
    BlankKind("reason", (ReasonField,), _text, _example, may_be_empty=True),
    BlankKind("row", (pw.ForeignKeyField,), _row, lambda field, at: None),
    BlankKind("rows", (IdList,), _rows, lambda field, at: [], may_be_empty=True),
    BlankKind("words", (ManyOf,), _list, lambda field, at: list(field.words[:2]), may_be_empty=True),
    BlankKind("of_case", (OneOfCase,), _text, _example, may_be_empty=True),
    BlankKind("sealed", (SealedText,), None, lambda field, at: None, may_be_empty=True),
    BlankKind("yes_no", (pw.BooleanField,), _in_words, lambda field, at: True, True, bool, value_in_words),
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
_KNOWN = {field_class: kind for kind in KINDS for field_class in kind.fields}


def kind_of(field: pw.Field) -> BlankKind:
    """The kind of a blank; UnknownKind with a sentence that names the field if its class is not known."""
    return CHOICE if getattr(field, "choices", None) else stored_kind(field)


_BY_CLASS: dict[type[pw.Field], BlankKind | None] = {}


def _kind_of_class(of: type[pw.Field]) -> BlankKind | None:
    for field_class in of.__mro__:
        if field_class in _KNOWN:
            return _KNOWN[field_class]
        if field_class is Json or field_class.__module__ == pw.__name__:
            return None  # peewee's own subclasses of a known class may store anything, as TimestampField does
    return None


def stored_kind(field: pw.Field) -> BlankKind:
    """The kind by field class alone, regardless of choices."""
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
    """A record model."""

    @classmethod
    def blanks(cls) -> list[pw.Field]: ...


def readable_blanks(form: type[Form], only: Iterable[str] | None = None) -> list[pw.Field]:
    """The blanks that are not sealed, in the order of the form; or `only` these among them."""
    return [f for f in _readable_blanks(form) if only is None or f.name in only]


@cache
def _readable_blanks(form: type[Form]) -> tuple[pw.Field, ...]:
    return tuple(f for f in form.blanks() if kind_of(f).formatter)


def blank_in_words(field: pw.Field, value: Any, names: Names) -> Words:
    """A blank in words, masked; a list for several choices."""
    words = whole_blank_in_words(field, value, names)
    return masked_value(words) if is_masked(field) else words


def whole_blank_in_words(field: pw.Field, value: Any, names: Names) -> Words:
    """A blank in words, unmasked: for users who may read personal numbers."""
    formatter = kind_of(field).formatter
    return formatter(field, value, names) if formatter else ""


def blanks_in_words(
    form: type[Form], blanks: Mapping[str, Any], names: Names, only: Iterable[str] | None = None
) -> dict[str, Words]:
    """Filled blanks in words by label, in the order of the form; without empty ones."""
    pairs = ((str(f.verbose_name), blank_in_words(f, blanks.get(f.name), names)) for f in readable_blanks(form, only))
    return {label: words for label, words in pairs if words}


def check(forms: Iterable[type[Form]]) -> None:
    """UnknownKind for the first blank whose class is not known."""
    for form in forms:
        for field in form.blanks():
            kind_of(field)
