"""The classes of fields that only records have: a reason, a case's number, several choices, a sealed text."""

from collections.abc import Callable
from typing import Any

import peewee as pw

from models.store.base import Json, Model


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
