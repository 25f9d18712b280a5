"""Who is in a case: names as they are, contact data masked, and what to heed with each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin.case.calling import NumberCard, number_card
from models.case.access_notes import may_call
from models.case.case import Case
from models.complaint.complaint import PERSONS, SEXES, Complaint, Person, name_of
from models.letters.to_pengadu import ready_messages
from models.office.contacts import masked_text
from models.store.base import labels_of

AGREED = "Ada cara yang disepakati; terbaca pada langkah yang menghubunginya dan saat nomornya ditampilkan."
_CONTACT = ("nik", "phone", "email", "address", "domicile")
_LABELS = labels_of(Person)


@dataclass(frozen=True)
class PersonCard:
    """Somebody in the case: what he is in it, his name, and what else is known of him, and his number."""

    kind: str
    role: str
    name: str
    known: list[tuple[str, Any]]
    number: NumberCard | None  # None where there is none, or for whoever may not open it


def person_cards(
    people: Mapping[str, Person], case: Case, seal: Any, opened: Mapping[str, datetime]
) -> list[PersonCard]:
    messages = ready_messages(case.complaint, people, case.settings) if opened else {}
    return [
        PersonCard(
            kind,
            role,
            name_of(p, case.complaint),
            _known_of(p, seal),
            number_card(p, seal, opened.get(kind), messages.get(kind, "")) if may_call(case) else None,
        )
        for kind, role in PERSONS.items()
        if (p := people.get(kind))
    ]


def _known_of(p: Person, seal: Any) -> list[tuple[str, Any]]:
    opened = [
        (_LABELS[name], masked_text(name, seal.open_text(f"{p.kind}.{name}", getattr(p, name)))) for name in _CONTACT
    ]
    rest = [
        ("nik_note", p.nik_note),
        ("sex", dict(SEXES)[p.sex] if p.sex else ""),
        ("age", p.age),
        ("job", p.job),
        ("relation", p.relation),
        ("group", p.group),
    ]
    return [(label, value) for label, value in [*opened, *((_LABELS[n], told) for n, told in rest)] if value]


def cautions(people: Mapping[str, Person], complaint: Complaint) -> list[tuple[str, str]]:
    """(name, what to heed) of each person who is to be reached with care."""
    everybody = [(name_of(p, complaint), _safety_words(p)) for p in people.values()]
    return [(name, words) for name, words in everybody if words]


def _safety_words(person: Person) -> str:
    """That care is needed, not how: what was agreed may hold a number, and stands where somebody is about to call."""
    words = ["Jangan ditelepon."] if person.do_not_call else []
    return " ".join([*words, AGREED] if person.safe_contact else words)
