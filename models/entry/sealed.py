"""A person as he was typed, as a row of his table: what is secret sealed, and found by blind index only."""

from models.search.blind import drop_marks, write_marks
from models.store import witness
from models.store.base import Columns
from models.store.rows import rewrites
from models.store.seal import Seal
from models.tables.complaint import Person, nik_note


def add_person(complaint: int, kind: str, person: Columns, case: Seal) -> None:
    """Somebody new in the case, with what he is found by."""
    added = Person.insert(complaint=complaint, **_sealed_row(kind, person, case)).execute()
    witness.added(Person, added)
    write_marks(complaint, kind, person)


def replace_person(complaint: int, kind: str, person: Columns | None, case: Seal) -> None:
    """The person as he is now; nobody, where nothing is left of him."""
    there = Person.get_or_none((Person.complaint == complaint) & (Person.kind == kind))
    drop_marks(complaint, kind)
    if person is None:
        _remove(there)
    elif there:
        rewrites(Person, [there.id])
        Person.update(**_sealed_row(kind, person, case)).where(Person.id == there.id).execute()
        write_marks(complaint, kind, person)
    else:
        add_person(complaint, kind, person, case)


def _remove(person: Person | None) -> None:
    if person:
        rewrites(Person, [person.id])
        Person.delete().where(Person.id == person.id).execute()


def _sealed_row(kind: str, person: Columns, case: Seal) -> Columns:
    """The columns of one person of a cleaned entry."""
    return {
        **person,
        "kind": kind,
        "nik_note": nik_note(person["nik"]),
        **{name: case.close_text(f"{kind}.{name}", person[name]) for name in Person.SEALED},
    }
