"""A complaint as it was typed: cleaned, with what its category decides, nothing sealed yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.entry.category import DECIDES, category_of, usual_columns
from models.fields.contacts import masked_words
from models.store.base import Columns
from models.tables.complaint import PERSONS, SEXES, Person

TEXTS = ("title", "story", "asks", "medium_ref", "event_date", "event_place", "accused", "loss", "evidence")
FLAGS = ("emergency", "anonymous", "backlog")
PERSON_TEXTS = ("name", "birth", "age", "job", "relation", "group")
PERSON_COLUMNS = (*PERSON_TEXTS, "sex", "do_not_call", "kelurahan", *Person.SEALED)
TITLED = "Judul yang diketik: {}"
Typed = Mapping[str, Any]  # by column of a table, as it came from a form
Persons = Mapping[str, Typed]  # by kind: pengadu, yang_bersangkutan, kuasa


@dataclass(frozen=True)
class Entry:
    """All that can be typed of a complaint: by column of Complaint, and by kind each person by column of Person."""

    columns: Columns
    persons: dict[str, Columns]

    @property
    def present(self) -> dict[str, Columns]:
        """The pengadu, of whom there is a row even if he is anonymous, and whoever else something was typed of."""
        return {kind: person for kind, person in self.persons.items() if kind == "pengadu" or any(person.values())}


def cleaned_entry(data: Typed, persons: Persons) -> Entry:
    """What was typed, as it is kept; what was left open follows category and story. Without a moment of receipt
    the columns say None: whoever registers knows it."""
    texts = _with_whole_title({name: _text(data, name) for name in TEXTS})
    category, kelurahan = category_of(data.get("category")), data.get("kelurahan") or None
    usual = usual_columns(category, kelurahan, story=texts["story"], secrecy=str(data.get("secrecy") or ""))
    columns = {
        **texts,
        **{name: data.get(name) or usual[name] for name in DECIDES},
        **{name: bool(data.get(name)) for name in FLAGS},
        "title": masked_words(texts["title"]) or usual["title"],
        "category": category.id,
        "medium": data.get("medium"),
        "kelurahan": kelurahan,
        "received_at": data.get("received_at"),
    }
    return Entry(columns, {kind: _person(persons.get(kind, {})) for kind in PERSONS})


def _with_whole_title(texts: dict[str, str]) -> dict[str, str]:
    """A title is kept masked: one that held a number of a person stands whole in the story, or it would be lost."""
    title, story = texts["title"], texts["story"]
    if masked_words(title) == title or title in story:
        return texts
    return {**texts, "story": "\n\n".join(filter(None, [story, TITLED.format(title)]))}


def _person(typed: Typed) -> Columns:
    return {
        **{name: _text(typed, name) for name in (*PERSON_TEXTS, *Person.SEALED)},
        "sex": typed.get("sex") if typed.get("sex") in dict(SEXES) else "",
        "do_not_call": bool(typed.get("do_not_call")),
        "kelurahan": typed.get("kelurahan") or None,
    }


def _text(typed: Typed, name: str) -> str:
    return str(typed.get(name) or "").strip()
