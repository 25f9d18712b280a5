"""A paper's content for whoever reads the case but is not to know how its people are reached: contact data masked."""

from models.content.parts import PersonPart, RecordPart
from models.entry.typed import TEXTS
from models.fields.contacts import masked_value
from models.fields.mask import masked_text, whole
from models.tables.complaint import Person
from models.tables.paper import Content

UNTOLD = ("birth",)  # on no screen of theirs; with a name it tells who somebody is


def masked_content(content: Content) -> Content:
    """The same paper with every NIK, number and address as the case's page shows it, those in texts as well."""
    complaint = {name: masked_value(value) if name in TEXTS else value for name, value in content["complaint"].items()}
    people = {kind: _masked_person(person) for kind, person in content["persons"].items()}
    records = {key: _masked_record(record) for key, record in content["records"].items()}
    return {**content, "complaint": complaint, "persons": people, "records": records}


def _masked_record(record: RecordPart) -> RecordPart:
    return {**record, "blanks": {name: masked_value(words) for name, words in record["blanks"].items()}}


def _masked_person(person: PersonPart) -> PersonPart:
    return {name: _masked_value(name, value) for name, value in person.items()}


def _masked_value(name: str, value: str | bool) -> str | bool:
    if name in Person.SEALED:
        return masked_text(name, str(value or ""))
    return whole(str(value)) if name in UNTOLD and value else value
