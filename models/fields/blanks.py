"""The blanks of a record in words, in the order of its form."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol

import peewee as pw

from models.fields.contacts import is_masked, masked_value
from models.fields.kinds import kind_of
from models.fields.words import Names, Words


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
