"""Contact data of a case, opened for a step that needs it; everywhere else it stays masked."""

from typing import Any

from models.case import Case
from models.complaint import PERSONS, Person, called
from models.event import open_seals

SHOWN = {"phone": "Telepon/WhatsApp", "email": "Surel", "address": "Alamat KTP", "domicile": "Alamat domisili"}


def contact_of(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """(person, [(label, value)]) of a case; how to reach someone safely comes before any number."""
    seal = open_seals([case.complaint.id])[case.complaint.id]
    return [(f"{PERSONS[p.kind]}: {called(p, case.complaint)}", _lines(p, seal))
            for p in Person.select().where(Person.complaint == case.complaint.id)]  # fmt: skip


def _lines(person: Person, seal: Any) -> list[tuple[str, str]]:
    safe = [("Cara menghubungi yang aman", person.safe_contact)] if person.safe_contact else []
    if person.do_not_call:
        safe.append(("Perhatian", "Jangan ditelepon"))
    opened = [(label, seal.open_text(f"{person.kind}.{name}", getattr(person, name))) for name, label in SHOWN.items()]
    return safe + [(label, value) for label, value in opened if value]
