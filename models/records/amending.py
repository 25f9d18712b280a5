"""Corrections of an entry: changed fields, validation, and changes in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import peewee as pw

from models.complaint.complaint import PERSONS, Complaint, Person
from models.office.contacts import is_masked, masked_text, masked_words
from models.records.entry import ENTERED, FUTURE, PERSON_COLUMNS, Entry, cleaned_entry, entry_objections, stored_entry
from models.records.fields import whole_blank_in_words
from models.records.in_words import Names, value_in_words
from models.store.base import Columns
from sop.words import format_moment

Corrected = Mapping[str, Any]  # new values by field: "title", "pengadu.name"; "" takes the category's default
FIELDS = (*ENTERED, *(f"{kind}.{name}" for kind in PERSONS for name in PERSON_COLUMNS))
UNKNOWN = "Isian ini tidak dikenal."
UNCHANGED = "Belum ada isian yang diubah."
AFTER = "Waktu diterima tidak boleh sesudah pengaduan dicatat ({})."


class Change(NamedTuple):
    """One changed field of an entry."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Amended:
    """An entry before and after a correction."""

    before: Entry
    after: Entry

    @cached_property
    def changes(self) -> list[Change]:
        """The changed fields, in the order of the form."""
        old, new = _by_field(self.before), _by_field(self.after)
        return [Change(field, old[field], new[field]) for field in FIELDS if _differ(old[field], new[field])]


def amended(complaint: Complaint, corrected: Corrected) -> Amended:
    """The complaint's entry before and after the corrections."""
    before = stored_entry(complaint)
    return Amended(before, cleaned_entry(*_corrected_data(before, corrected)))


def amendment_objections(complaint: Complaint, corrected: Corrected) -> dict[str, str]:
    """Sentences by field about what is wrong with a correction; under "" if it changes nothing."""
    if unknown := [field for field in corrected if field not in FIELDS]:
        return dict.fromkeys(unknown, UNKNOWN)
    data, persons = _corrected_data(stored_entry(complaint), corrected)
    sentences = entry_objections(data, persons, complaint.recorded_at)
    if sentences.get("received_at") == FUTURE:
        sentences["received_at"] = AFTER.format(format_moment(complaint.recorded_at))
    touched = {change.field for change in amended(complaint, corrected).changes}
    touched |= {"pengadu.name"} & {field for field in sentences if "anonymous" in touched}
    wrong = {field: sentence for field, sentence in sentences.items() if field in touched}
    return wrong if touched or wrong else {"": UNCHANGED}


def _corrected_data(before: Entry, corrected: Corrected) -> tuple[Columns, dict[str, Columns]]:
    """The entry's typed data with the corrections applied; an emptied moment of receipt is not changed."""
    data, persons = dict(before.columns), {kind: dict(person) for kind, person in before.persons.items()}
    for field, value in corrected.items():
        kind, _, name = field.rpartition(".")
        if not kind:
            data[name] = value
        elif kind in persons:
            persons[kind][name] = value
    data["received_at"] = data["received_at"] or before.columns["received_at"]
    if data["anonymous"]:
        persons["pengadu"]["name"] = ""
    return data, persons


def _by_field(entry: Entry) -> Columns:
    people = {f"{kind}.{name}": value for kind, person in entry.persons.items() for name, value in person.items()}
    return {**entry.columns, **people}


def _differ(old: Any, new: Any) -> bool:
    """Whether two values differ; empty values are equal, and surrounding white space is ignored."""
    old, new = (value.strip() if isinstance(value, str) else value for value in (old, new))
    return bool(old != new and (old or new))


@dataclass(frozen=True)
class ChangeInWords:
    """One field with its old and new value in words; "" for an empty value."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return LABELS.get(self.field, self.field)

    @property
    def masked(self) -> "ChangeInWords":
        """The same with contact data masked."""
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


_OF_WHOM = {  # labels to which the kind of person cannot be appended
    "do_not_call": "Larangan menelepon {}",
    "safe_contact": "Cara aman menghubungi {}",
    "relation": "Hubungan {} dengan yang bersangkutan",
}
LABELS: Mapping[str, str] = {field: _label(field) for field in FIELDS}


def changes_in_words(changes: Iterable[Change]) -> list[ChangeInWords]:
    names = Names()
    return [ChangeInWords(c.field, _words(c.field, c.old, names), _words(c.field, c.new, names)) for c in changes]


def _words(field: str, value: Any, names: Names) -> str:
    """A value in words by its column's kind; unsealed values are plain text."""
    sealed = field.rpartition(".")[2] in Person.SEALED
    return str(value or "") if sealed else value_in_words(whole_blank_in_words(_column(field), value, names))
