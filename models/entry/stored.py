"""The entry of a complaint as it stands: what was typed of it and has been corrected since, its seals opened."""

from models.entry.category import DECIDES
from models.entry.typed import FLAGS, PERSON_COLUMNS, TEXTS, Entry
from models.store.base import Columns
from models.store.seal import Seal
from models.tables.complaint import PERSONS, Complaint, Person
from models.tables.event import open_seals

ENTERED = (*TEXTS, *DECIDES, *FLAGS, "category", "medium", "kelurahan", "received_at")  # columns of Complaint


def stored_entry(complaint: Complaint) -> Entry:
    """All that can be typed of this complaint, as it is kept now."""
    case = open_seals([complaint.id])[complaint.id]
    people = {p.kind: p for p in Person.select().where(Person.complaint == complaint.id)}
    columns = {name: complaint.__data__[name] for name in ENTERED}
    return Entry(columns, {kind: _opened(kind, people.get(kind) or Person(), case) for kind in PERSONS})


def _opened(kind: str, person: Person, case: Seal) -> Columns:
    plain = {name: person.__data__.get(name) for name in PERSON_COLUMNS if name not in Person.SEALED}
    return plain | {name: case.open_text(f"{kind}.{name}", getattr(person, name)) for name in Person.SEALED}
