"""A paper's content for whoever reads the case but is not to know how its people are reached: contact data masked."""

from models.content.parts import PersonPart
from models.tables.complaint import Person
from models.tables.mask import masked_text, whole
from models.tables.paper import Content

UNTOLD = ("birth",)  # on no screen of theirs; with a name it tells who somebody is


def masked_content(content: Content) -> Content:
    """The same paper with every NIK, number and address as the case's page shows it."""
    return {**content, "persons": {kind: _masked_person(person) for kind, person in content["persons"].items()}}


def _masked_person(person: PersonPart) -> PersonPart:
    return {name: _masked_value(name, value) for name, value in person.items()}


def _masked_value(name: str, value: str | bool) -> str | bool:
    if name in Person.SEALED:
        return masked_text(name, str(value or ""))
    return whole(str(value)) if name in UNTOLD and value else value
