"""A person as he was typed, as a row of his table: what is secret sealed, and found by blind index only."""

from models.store.base import Columns
from models.store.seal import Seal, ring
from models.tables.complaint import Person, nik_note

INDEXED = ("nik", "phone")


def sealed_person(kind: str, person: Columns, case: Seal) -> Columns:
    """The columns of one person of a cleaned entry."""
    return {
        **person,
        "kind": kind,
        "nik_note": nik_note(person["nik"]),
        **{name: case.close_text(f"{kind}.{name}", person[name]) for name in Person.SEALED},
        **{f"{name}_index": ring().index(name, person[name]) for name in INDEXED},
    }
