"""Contact data of a case, opened for a step that needs it; everywhere else it stays masked."""

from typing import Any, NamedTuple

from models.case.case import Case
from models.tables.complaint import PERSONS, Person, name_of
from models.tables.event import open_seals

CONTACT_LABELS = {
    "safe_contact": "Cara menghubungi yang aman",
    "phone": "Telepon/WhatsApp",
    "email": "Surel",
    "address": "Alamat KTP",
    "domicile": "Alamat domisili",
}


class PersonContact(NamedTuple):
    """Who somebody is in the case, and how he is reached: (label, value)."""

    person: str
    lines: list[tuple[str, str]]


def contact_of(case: Case) -> list[PersonContact]:
    """Everybody in a case; how to reach someone safely comes before any number."""
    seal = open_seals([case.complaint.id])[case.complaint.id]
    return [
        PersonContact(f"{PERSONS[p.kind]}: {name_of(p, case.complaint)}", _contact_lines(p, seal))
        for p in Person.select().where(Person.complaint == case.complaint.id)
    ]


def _contact_lines(person: Person, seal: Any) -> list[tuple[str, str]]:
    warned = [("Perhatian", "Jangan ditelepon")] if person.do_not_call else []
    opened = [
        (label, seal.open_text(f"{person.kind}.{name}", getattr(person, name)))
        for name, label in CONTACT_LABELS.items()
    ]
    return warned + [(label, value) for label, value in opened if value]
