"""A change of an entry in words: which field, what stood there, what stands there now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.entry.amended import FIELDS, Change
from models.fields.blanks import whole_blank_in_words
from models.fields.contacts import is_masked, masked_words
from models.fields.mask import masked_text
from models.fields.words import Names, value_in_words
from models.tables.complaint import PERSONS, Complaint, Person


@dataclass(frozen=True)
class ChangeInWords:
    """One field with its old and new value as people read them; "" for nothing."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return LABELS.get(self.field, self.field)

    @property
    def masked(self) -> "ChangeInWords":
        """The same with contact data as everyone may see it."""
        kind, _, name = self.field.rpartition(".")
        if self.field in FIELDS and is_masked(_column(self.field)):
            return ChangeInWords(self.field, masked_words(self.old), masked_words(self.new))
        if not kind or name not in Person.SEALED:
            return self
        return ChangeInWords(self.field, masked_text(name, self.old), masked_text(name, self.new))


def _column(field: str) -> pw.Field:
    kind, _, name = field.rpartition(".")
    return (Person if kind else Complaint)._meta.fields[name]


def _label(field: str) -> str:
    kind, _, name = field.rpartition(".")
    label = str(_column(field).verbose_name)
    whose = PERSONS[kind].partition(" (")[0].lower() if kind else ""
    return _OF_WHOM.get(name, f"{label} {{}}").format(whose) if kind else label


_OF_WHOM = {  # labels that cannot be followed by whose it is
    "do_not_call": "Larangan menelepon {}",
    "safe_contact": "Cara aman menghubungi {}",
    "relation": "Hubungan {} dengan yang bersangkutan",
}
LABELS: Mapping[str, str] = {field: _label(field) for field in FIELDS}


def changes_in_words(changes: Iterable[Change]) -> list[ChangeInWords]:
    names = Names()
    return [ChangeInWords(c.field, _words(c.field, c.old, names), _words(c.field, c.new, names)) for c in changes]


def _words(field: str, value: Any, names: Names) -> str:
    """A value as its column tells it; what is sealed is text once it is open."""
    sealed = field.rpartition(".")[2] in Person.SEALED
    return str(value or "") if sealed else value_in_words(whole_blank_in_words(_column(field), value, names))
