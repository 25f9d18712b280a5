"""An entry as a correction would leave it: what changes, and what is wrong with it. What nobody touches is judged by
nobody: an old complaint may lack what is asked for today."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from models.entry.objections import FUTURE, entry_objections
from models.entry.stored import ENTERED, stored_entry
from models.entry.typed import PERSON_COLUMNS, Entry, cleaned_entry
from models.store.base import Columns
from models.tables.complaint import PERSONS, Complaint
from sop.words import format_moment

Corrected = Mapping[str, Any]  # what is to stand there, by field: "title", "pengadu.name"; "" follows the category
FIELDS = (*ENTERED, *(f"{kind}.{name}" for kind in PERSONS for name in PERSON_COLUMNS))
UNKNOWN = "Isian ini tidak dikenal."
UNCHANGED = "Belum ada isian yang diubah."
AFTER = "Waktu diterima tidak boleh sesudah pengaduan dicatat ({})."


class Change(NamedTuple):
    """One field of an entry that says something else now."""

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
        """What differs, in the order of the form."""
        old, new = _by_field(self.before), _by_field(self.after)
        return [Change(field, old[field], new[field]) for field in FIELDS if _differ(old[field], new[field])]


def amended(complaint: Complaint, corrected: Corrected) -> Amended:
    """The complaint's entry with what was corrected laid over it."""
    before = stored_entry(complaint)
    return Amended(before, cleaned_entry(*_laid_over(before, corrected)))


def amendment_objections(complaint: Complaint, corrected: Corrected) -> dict[str, str]:
    """What is wrong with a correction, a sentence by field; under "" that it corrects nothing."""
    if unknown := [field for field in corrected if field not in FIELDS]:
        return dict.fromkeys(unknown, UNKNOWN)
    data, persons = _laid_over(stored_entry(complaint), corrected)
    sentences = entry_objections(data, persons, complaint.recorded_at)
    if sentences.get("received_at") == FUTURE:
        sentences["received_at"] = AFTER.format(format_moment(complaint.recorded_at))
    touched = {change.field for change in amended(complaint, corrected).changes}
    touched |= {"pengadu.name"} & {field for field in sentences if "anonymous" in touched}
    wrong = {field: sentence for field, sentence in sentences.items() if field in touched}
    return wrong if touched or wrong else {"": UNCHANGED}


def _laid_over(before: Entry, corrected: Corrected) -> tuple[Columns, dict[str, Columns]]:
    """The entry as if somebody had typed it anew with the corrections; an emptied moment of receipt stays."""
    own = {field: value for field, value in corrected.items() if "." not in field}
    data = {**before.columns, **own}
    data["received_at"] = data["received_at"] or before.columns["received_at"]
    persons = {kind: {**person, **_of_person(kind, corrected)} for kind, person in before.persons.items()}
    if data["anonymous"]:
        persons["pengadu"]["name"] = ""
    return data, persons


def _of_person(kind: str, corrected: Corrected) -> Columns:
    typed = ((field.partition("."), value) for field, value in corrected.items())
    return {name: value for (who, dot, name), value in typed if dot and who == kind}


def _by_field(entry: Entry) -> Columns:
    people = {f"{kind}.{name}": value for kind, person in entry.persons.items() for name, value in person.items()}
    return {**entry.columns, **people}


def _differ(old: Any, new: Any) -> bool:
    """Whether it says something else: nothing is nothing, however it is kept, and ends of a text are no text."""
    old, new = (value.strip() if isinstance(value, str) else value for value in (old, new))
    return bool(old != new and (old or new))
